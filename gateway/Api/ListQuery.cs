using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;

namespace Freeway.Gateway.Api;

/// <summary>Selects a page of the documents of one kind, in the order of their ids.</summary>
/// <param name="Limit">1 to 1000.</param>
/// <param name="After">The id after which to begin; null for the first.</param>
/// <param name="WithDeleted">Whether those that were taken away are wanted too.</param>
public sealed record ListQuery(int Limit, string? After, bool WithDeleted)
{
    public const int MaxLimit = 1000;

    private const int DefaultLimit = 100;

    /// <param name="parameter">Finds a query parameter by name; null where it is not there.</param>
    public static Result<ListQuery> Read(Func<string, string?> parameter)
    {
        var errors = new List<FieldError>();
        var limit = Limited(parameter("limit"), errors);
        var after = parameter("cursor") is { } cursor ? FromCursor(cursor, errors) : null;
        var deleted = parameter("include") switch
        {
            null => false,
            "deleted" => true,
            _ => Wrong(errors),
        };
        return errors.Count > 0 ? Refuse.InvalidFields(errors) : new ListQuery(limit, after, deleted);
    }

    internal static int Limited(string? text, List<FieldError> errors)
    {
        if (text is null)
        {
            return DefaultLimit;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= MaxLimit)
        {
            return limit;
        }

        errors.Add(new("limit", $"'limit' must be a whole number, 1 to {MaxLimit}."));
        return DefaultLimit;
    }

    /// <summary>One page. Those that are not wanted are passed over, so a page is short only at the end.</summary>
    internal async Task<Result<Page<TCard>>> RunAsync<T, TCard>(
        IDocumentStore documents, SubjectKind kind, string? org, Func<Document, T> read, Func<T, bool> isThere, Func<T, TCard> show, CancellationToken cancellation)
    {
        var found = new List<(string Id, T Value)>();
        var (after, size) = (After, Math.Min(MaxLimit, Limit + 1));
        for (IReadOnlyList<Document> page = []; found.Count <= Limit;)
        {
            page = await documents.ListAsync(kind, org, after, size, cancellation);
            found.AddRange(page.Select(document => (document.Subject.Id, read(document))).Where(
                pair => WithDeleted || isThere(pair.Item2)));
            if (page.Count < size)
            {
                break;
            }

            after = page[^1].Subject.Id;
        }

        return new Page<TCard>(
            [.. found.Take(Limit).Select(pair => show(pair.Value))],
            found.Count > Limit ? ToCursor(found[Limit - 1].Id) : null);
    }

    private static bool Wrong(List<FieldError> errors)
    {
        errors.Add(new("include", "'include' must be deleted, or be left out."));
        return false;
    }

    private static string ToCursor(string id) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(id));

    private static string? FromCursor(string cursor, List<FieldError> errors)
    {
        if (cursor.Length is > 0 and <= 100 && Base64Url.IsValid(cursor) && Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)) is var id && AdminFields.IsId(id))
        {
            return id;
        }

        errors.Add(new("cursor", "'cursor' must be a next_cursor of this list."));
        return null;
    }
}
