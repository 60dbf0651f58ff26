using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;

namespace Freeway.Gateway.Api;

/// <summary>Lists the audit records: every change that an operator or the gateway made, newest first.</summary>
public sealed class AuditQueries(IAuditLog log)
{
    /// <param name="parameter">Finds a query parameter by name; null where it is not there.</param>
    public static Result<AuditQuery> Read(Func<string, string?> parameter)
    {
        var errors = new List<FieldError>();
        var query = new AuditQuery(ListQuery.Limited(parameter("limit"), errors))
        {
            Kind = Kind(parameter("kind"), errors),
            Id = parameter("id"),
            Org = parameter("org"),
            By = parameter("by"),
            From = Time("from", parameter("from"), errors),
            To = Time("to", parameter("to"), errors),
            After = After(parameter("cursor"), errors),
        };
        return errors.Count > 0 ? Refuse.InvalidFields(errors) : query;
    }

    public async Task<Result<Page<AuditResponse>>> ListAsync(AuditQuery query, CancellationToken cancellation)
    {
        var page = await log.ListAsync(query, cancellation);
        return new Page<AuditResponse>([.. page.Records.Select(AuditResponse.Of)], page.Next?.ToCursor());
    }

    private static SubjectKind? Kind(string? text, List<FieldError> errors)
    {
        var kinds = WireNames.Of<SubjectKind>();
        var kind = text is null ? null : kinds.Find(text);
        if (text is not null && kind is null)
        {
            errors.Add(new("kind", $"'kind' must be one of {kinds}."));
        }

        return kind;
    }

    private static DateTimeOffset? Time(string name, string? text, List<FieldError> errors)
    {
        if (text is null)
        {
            return null;
        }

        if (DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var time))
        {
            return time;
        }

        errors.Add(new(name, $"'{name}' must be a date or a time in ISO 8601, e.g. 2026-05-29T12:00:00Z."));
        return null;
    }

    private static AuditPosition? After(string? cursor, List<FieldError> errors)
    {
        if (cursor is null)
        {
            return null;
        }

        if (AuditPosition.FromCursor(cursor) is { } position)
        {
            return position;
        }

        errors.Add(new("cursor", "'cursor' must be a next_cursor of this list."));
        return null;
    }
}

/// <summary>One change: who made it, when, and what it changed.</summary>
/// <param name="By">
/// The id of the management key; <c>settings</c> for the one in the settings, <c>freeway</c> for the gateway itself.
/// </param>
/// <param name="Action">Kind and verb, e.g. <c>key.rotate</c>.</param>
/// <param name="Before">As it was, as it was answered then; null where there was nothing.</param>
/// <param name="After">As it is then; null where there is nothing.</param>
public sealed record AuditResponse(
    string Id,
    DateTimeOffset Time,
    string By,
    string Action,
    AuditSubjectResponse Subject,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] JsonElement? Before,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] JsonElement? After)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "audit_record";

    internal static AuditResponse Of(AuditRecord record) => new(
        record.Id,
        record.Time,
        record.By,
        record.Action,
        new AuditSubjectResponse(record.Subject.Kind.WireName(), record.Subject.Id, record.Subject.Org),
        Json(record, record.Before),
        Json(record, record.After));

    /// <summary>Orgs and keys as they are answered; what others note, as they noted it.</summary>
    private static JsonElement? Json(AuditRecord record, string? text) => text is null ? null : record.Subject.Kind switch
    {
        SubjectKind.Org => JsonSerializer.SerializeToElement(
            AdminOrgResponse.Of(AuditDocuments.Org(text)), AuditJson.Default.AdminOrgResponse),
        SubjectKind.Key => JsonSerializer.SerializeToElement(
            AdminKeyResponse.Of(AuditDocuments.Key(text), record.Time), AuditJson.Default.AdminKeyResponse),
        SubjectKind.ManagementKey => JsonSerializer.SerializeToElement(
            ManagementKeyResponse.Of(AuditDocuments.ManagementKey(text)), AuditJson.Default.ManagementKeyResponse),
        _ => JsonElement.Parse(text),
    };
}

/// <summary>Names the subject of an audit record.</summary>
/// <param name="Org">Whose it is; left out where it is the gateway's.</param>
public sealed record AuditSubjectResponse(string Kind, string Id, string? Org);
