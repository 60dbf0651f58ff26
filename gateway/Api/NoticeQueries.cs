using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Freeway.Gateway.Core;
using Freeway.Gateway.Notices;

namespace Freeway.Gateway.Api;

/// <summary>Lists notices and what became of them, newest first, for the operator.</summary>
public sealed class NoticeQueries(INoticeStore store)
{
    /// <param name="parameter">Finds a query parameter by name; null where it is not there.</param>
    public static Result<NoticeQuery> Read(Func<string, string?> parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        var errors = new List<FieldError>();
        var statuses = WireNames.Of<NoticeStatus>();
        var status = parameter("status") is { } word ? statuses.Find(word) : null;
        if (parameter("status") is not null && status is null)
        {
            errors.Add(new("status", $"'status' must be one of {statuses}."));
        }

        var query = new NoticeQuery(
            ListQuery.Limited(parameter("limit"), errors), parameter("org"), status,
            After(parameter("cursor"), errors));
        return errors.Count > 0 ? Refuse.InvalidFields(errors) : query;
    }

    public async Task<Result<Page<NoticeResponse>>> ListAsync(NoticeQuery query, CancellationToken cancellation)
    {
        try
        {
            var page = await store.ListAsync(query, cancellation);
            return new Page<NoticeResponse>(
                [.. page.Notices.Select(NoticeResponse.Of)],
                page.Next is { } next ? Base64Url.EncodeToString(Encoding.UTF8.GetBytes(next)) : null);
        }
        catch (IOException)
        {
            return Refuse.CannotBeRead(RefusalCode.StorageUnavailable);
        }
    }

    private static string? After(string? cursor, List<FieldError> errors)
    {
        if (cursor is null)
        {
            return null;
        }

        if (cursor.Length is > 0 and <= 200 && Base64Url.IsValid(cursor)
            && Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)) is var key
            && key.StartsWith("notice|", StringComparison.Ordinal))
        {
            return key;
        }

        errors.Add(new("cursor", "'cursor' must be a next_cursor of this list."));
        return null;
    }
}

/// <summary>A notice and what became of it.</summary>
/// <param name="Id">What the receiver gets as <c>webhook-id</c>.</param>
/// <param name="Type">E.g. <c>limit.reached</c>.</param>
/// <param name="Webhook">The organisation whose webhook it is for; null for the deployment's.</param>
/// <param name="Status"><c>waiting</c>, <c>delivered</c> or <c>failed</c>.</param>
/// <param name="NextAt">When it is tried next; left out once it is over.</param>
/// <param name="EndedAt">When it was delivered or given up; left out while it waits.</param>
/// <param name="Error">Why the last try failed; left out where none has, and while one is under way.</param>
/// <param name="Body">What is sent.</param>
public sealed record NoticeResponse(
    string Id,
    string Type,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Webhook,
    string Status,
    int Attempts,
    DateTimeOffset CreatedAt,
    DateTimeOffset? NextAt,
    DateTimeOffset? EndedAt,
    string? Error,
    JsonElement Body)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "notice";

    internal static NoticeResponse Of(Notice notice) => new(
        notice.Id,
        notice.Type.WireName(),
        notice.Target is WebhookDocuments.Deployment ? null : notice.Target,
        notice.Status.WireName(),
        notice.Attempts,
        notice.CreatedAt,
        notice.NextAt,
        notice.EndedAt,
        notice.Error,
        JsonElement.Parse(notice.Body));
}
