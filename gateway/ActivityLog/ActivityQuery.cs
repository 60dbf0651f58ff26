using Freeway.Gateway.Core;

namespace Freeway.Gateway.ActivityLog;

/// <summary>Selects the activity records to read. All filters must match.</summary>
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

    /// <summary>Gets the hash of an end user; as it is read from a caller, the id or its hash. Null for all.</summary>
    public string? EndUser { get; init; }

    /// <summary>Gets whether the caller has set the limit; without one an answer in CSV goes on to the end.</summary>
    public bool IsLimited { get; init; }

    /// <summary>Reads a query as callers write it.</summary>
    /// <param name="field">The value of <c>limit</c>, <c>cursor</c>, <c>from</c>, <c>to</c>, <c>model</c>, <c>tier</c>,
    ///     <c>key</c>, <c>end_user</c> or <c>status</c>; null or empty where it is not given.</param>
    public static Result<ActivityQuery> Read(Func<string, string?> field)
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
            EndUser = fields.Text("end_user"),
        };
        if (fields.Text("cursor") is { } cursor)
        {
            query = query with { After = ActivityCursor.TryParse(cursor, out var after) ? after : fields.NoCursor<ActivityCursor>() };
        }

        query = query with { Status = fields.Number("status", 100, 599), From = fields.Time("from"), To = fields.Time("to") };
        return fields.Refusal is { } refusal ? refusal : query;
    }
}

/// <summary>A place in an org's log: just after this record, on the way from new to old. Opaque to callers.</summary>
public readonly record struct ActivityCursor(DateTimeOffset Time, string Id)
{
    public static ActivityCursor After(ActivityRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return new(record.Time, record.Id);
    }

    /// <returns>False where the text is no cursor of ours.</returns>
    public static bool TryParse(string text, out ActivityCursor cursor)
    {
        var isOurs = OpaqueCursor.TryRead(text, ActivityBounds.Id, out var time, out var id);
        cursor = isOurs ? new(time, id) : default;
        return isOurs;
    }

    public override string ToString() => OpaqueCursor.Write(Time, Id);
}

/// <summary>A page of records and the cursor of the next one, null at the end.</summary>
public sealed record ActivityPage(IReadOnlyList<ActivityRecord> Records, string? NextCursor);
