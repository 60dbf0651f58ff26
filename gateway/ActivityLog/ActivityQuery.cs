using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.ActivityLog;

/// <summary>Which records to read. All filters must match.</summary>
/// <param name="Limit">1 to 1000.</param>
/// <param name="After">From the page before, or null.</param>
/// <param name="From">The earliest time, inclusive.</param>
/// <param name="To">The latest time, exclusive.</param>
public sealed record ActivityQuery(int Limit = 100, ActivityCursor? After = null, DateTimeOffset? From = null, DateTimeOffset? To = null)
{
    public const int MaxLimit = 1000;

    public string? Model { get; init; }

    public string? Tier { get; init; }

    /// <summary>A key's id.</summary>
    public string? Key { get; init; }

    public int? Status { get; init; }

    /// <summary>Whether whoever asks has set the limit; without one CSV goes on to the end.</summary>
    public bool IsLimited { get; init; }

    /// <summary>Reads a query as callers write it.</summary>
    /// <param name="field">The value of <c>limit</c>, <c>cursor</c>, <c>from</c>, <c>to</c>, <c>model</c>, <c>tier</c>, <c>key</c> or <c>status</c>; null or empty where it is not given.</param>
    public static Decision<ActivityQuery> Read(Func<string, string?> field)
    {
        ArgumentNullException.ThrowIfNull(field);
        var fields = new QueryFields(field);
        var limit = fields.Number("limit", 1, MaxLimit);
        var query = new ActivityQuery(limit ?? 100)
        {
            IsLimited = limit is not null,
            Model = fields.Text("model"),
            Tier = fields.Text("tier")?.ToLowerInvariant(),
            Key = fields.Text("key"),
        };
        if (fields.Text("cursor") is { } cursor)
        {
            query = query with { After = ActivityCursor.TryParse(cursor, out var after) ? after : fields.NoCursor<ActivityCursor>() };
        }

        query = query with { Status = fields.Number("status", 100, 599), From = fields.Time("from"), To = fields.Time("to") };
        return fields.Refusal is { } refusal ? refusal : query;
    }
}
