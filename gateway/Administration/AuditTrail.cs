using System.Globalization;
using Freeway.Gateway.Audit;
using Freeway.Gateway.Core;
using Freeway.Gateway.Refusals;
using Freeway.Gateway.Views;

namespace Freeway.Gateway.Administration;

/// <summary>Every change, newest first.</summary>
public sealed class AuditTrail(IAuditLog log)
{
    /// <param name="parameter">Finds a query parameter by name; null where it is not there.</param>
    public static Decision<AuditQuery> Read(Func<string, string?> parameter)
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

    public async Task<Decision<Page<AuditCard>>> ListAsync(AuditQuery query, CancellationToken cancellation)
    {
        var page = await log.ListAsync(query, cancellation);
        return new Page<AuditCard>([.. page.Records.Select(AuditCard.Of)], page.Next?.ToCursor());
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

        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
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
