using System.Collections.Concurrent;
using System.Globalization;
using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;

namespace Freeway.Gateway.Api;

/// <summary>
/// Sums up what all organisations were refused, by period and reason, for the operator. Each organisation's counts are
/// read, some organisations at once, so a long stretch of a large deployment takes its time.
/// </summary>
public sealed class RefusalSumQueries(IRefusalStore store, IKeyStore keys)
{
    private const int OrgsAtOnce = 8;

    /// <summary>The number of organisations that a line names: those that were refused most.</summary>
    private const int Named = 3;


    public Listing<RefusalSumResponse> List(RefusalSumQuery query) =>
        new(cancellation => ListAsync(query, cancellation), cancellation => AllAsync(query, cancellation));

    private async Task<Result<Page<RefusalSumResponse>>> ListAsync(RefusalSumQuery query, CancellationToken cancellation)
    {
        try
        {
            var sums = await SumAsync(query, cancellation);
            return sums.Count <= query.Limit
                ? new Page<RefusalSumResponse>([.. sums.Select(sum => sum.Response)])
                : new Page<RefusalSumResponse>(
                    [.. sums.Take(query.Limit).Select(sum => sum.Response)], sums[query.Limit - 1].Cursor.ToString());
        }
        catch (IOException)
        {
            return Refuse.CannotBeRead(RefusalCode.StorageUnavailable);
        }
    }

    private async IAsyncEnumerable<IReadOnlyList<RefusalSumResponse>> AllAsync(
        RefusalSumQuery query, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var sums = await SumAsync(query, cancellation);
        yield return [.. (query.IsLimited ? sums.Take(query.Limit) : sums).Select(sum => sum.Response)];
    }

    /// <summary>All sums after the query's cursor, newest period first, then by reason.</summary>
    private async Task<List<(RefusalSumResponse Response, RefusalCursor Cursor)>> SumAsync(
        RefusalSumQuery query, CancellationToken cancellation)
    {
        var counts = new ConcurrentDictionary<RefusalKey, ConcurrentDictionary<string, long>>();
        var wanted = new RefusalQuery(RefusalQuery.MaxLimit, null, query.From, query.End) { Model = query.Model, Code = query.Code };
        await SideBySide.ForEachAsync(
            keys.ListOrgsAsync(cancellation),
            OrgsAtOnce,
            async (org, token) =>
            {
                await foreach (var (key, count) in store.StreamAsync(org.Id, wanted, token))
                {
                    // What stays of a refusal's key is its period and its reason.
                    var sum = new RefusalKey("", query.By.Start(key.Minute), "", null, key.Code, key.Limit);
                    counts.GetOrAdd(sum, _ => new()).AddOrUpdate(org.Id, count, (_, before) => before + count);
                }
            },
            cancellation);

        var sums = counts
            .OrderByDescending(sum => sum.Key.Minute)
            .ThenBy(sum => sum.Key.Code, StringComparer.Ordinal)
            .ThenBy(sum => sum.Key.Limit, StringComparer.Ordinal)
            .Select(sum => (Response: Response(query.By, sum.Key, sum.Value), Cursor: RefusalCursor.After(sum.Key)))
            .ToList();
        if (query.After is not { } after)
        {
            return sums;
        }

        // Counts may have been taken away since the page before. The periods before its last one are still to come.
        var place = sums.FindIndex(sum => sum.Cursor == after);
        return place < 0 ? [.. sums.Where(sum => sum.Cursor.Minute < after.Minute)] : sums[(place + 1)..];
    }

    private static RefusalSumResponse Response(
        RefusalPeriod by, RefusalKey key, IReadOnlyDictionary<string, long> orgs) => new(
        by.Name(key.Minute),
        key.Code,
        key.Limit,
        orgs.Values.Sum(),
        orgs.Count,
        [.. orgs.OrderByDescending(org => org.Value).ThenBy(org => org.Key, StringComparer.Ordinal).Take(Named)
            .Select(org => new RefusedOrg(org.Key, org.Value))]);
}

/// <summary>Selects the refusals to sum up.</summary>
/// <param name="From">The start of the first period.</param>
/// <param name="To">The moment after the last refusal.</param>
/// <param name="Limit">1 to 1000.</param>
public sealed record RefusalSumQuery(RefusalPeriod By, DateTimeOffset From, DateTimeOffset To, int Limit)
{
    private const int UsualHours = 24;
    private const int UsualDays = 30;
    private const int MostHours = 7 * 24;
    private const int MostDays = 100;

    public string? Model { get; init; }

    /// <summary>Gets the error code as callers see it, e.g. <c>free_quota_exceeded</c>; null for all.</summary>
    public string? Code { get; init; }

    /// <summary>Gets the cursor that the page before ended with; null for the first page.</summary>
    public RefusalCursor? After { get; init; }

    /// <summary>Gets whether the operator has set the limit; without one an answer in CSV goes on to the end.</summary>
    public bool IsLimited { get; init; }

    /// <summary>Gets the end of the time that this page reads; later periods were on the pages before.</summary>
    internal DateTimeOffset End => After is { } after && after.Minute < To - By.Length() ? after.Minute + By.Length() : To;

    /// <summary>
    /// Reads a query as operators write it; without <c>from</c> the last 24 hours or 30 days, the current one included.
    /// </summary>
    /// <param name="field">
    /// The value of <c>by</c>, <c>from</c>, <c>to</c>, <c>model</c>, <c>code</c>, <c>limit</c> or <c>cursor</c>; null
    /// or empty where it is not given.
    /// </param>
    public static Result<RefusalSumQuery> Read(Func<string, string?> field, DateTimeOffset now)
    {
        var fields = new QueryFields(field);
        var by = fields.Word("by", WireNames.Of<RefusalPeriod>()) ?? RefusalPeriod.Hour;
        var (usual, most) = by is RefusalPeriod.Hour ? (UsualHours, MostHours) : (UsualDays, MostDays);
        var to = fields.Time("to") ?? now;
        var from = fields.Time("from") ?? Back(by.Start(to), by.Length() * (usual - 1));
        if (to - from > by.Length() * most)
        {
            var longest = by is RefusalPeriod.Hour ? $"{MostHours} hours before 'to'. Ask for less at once, or by=day" : $"{MostDays} days before 'to'. Ask for less at once";
            fields.Wrong("from", $"'from' may be at most {longest}.");
        }

        var limit = fields.Number("limit", 1, RefusalQuery.MaxLimit);
        var query = new RefusalSumQuery(by, by.Start(from), to, limit ?? 100)
        {
            Model = fields.Text("model"),
            Code = fields.Word("code", WireNames.Of<RefusalCode>())?.WireName(),
            IsLimited = limit is not null,
        };
        if (fields.Text("cursor") is { } cursor)
        {
            query = query with { After = RefusalCursor.TryParse(cursor, out var after) ? after : fields.NoCursor<RefusalCursor>() };
        }

        return fields.Refusal is { } refusal ? refusal : query;
    }

    private static DateTimeOffset Back(DateTimeOffset from, TimeSpan by) =>
        from - DateTimeOffset.MinValue < by ? DateTimeOffset.MinValue : from - by;
}

/// <summary>Names the length of time that refusals are summed up by, in UTC.</summary>
public enum RefusalPeriod
{
    Hour,
    Day,
}

/// <summary>Gives the bounds and the names of the periods of refusals.</summary>
internal static class RefusalPeriods
{
    public static TimeSpan Length(this RefusalPeriod by) => by is RefusalPeriod.Hour ? TimeSpan.FromHours(1) : TimeSpan.FromDays(1);

    public static DateTimeOffset Start(this RefusalPeriod by, DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % by.Length().Ticks), TimeSpan.Zero);

    public static string Name(this RefusalPeriod by, DateTimeOffset start) => start.ToString(
        by is RefusalPeriod.Hour ? "yyyy-MM-dd'T'HH':00:00Z'" : "yyyy-MM-dd", CultureInfo.InvariantCulture);
}

/// <summary>Counts the refusals of all organisations in one period, for one reason.</summary>
/// <param name="Period">A day, e.g. <c>2026-05-29</c>, or the start of an hour, in UTC.</param>
/// <param name="Code">The error's code.</param>
/// <param name="Limit">The limit that refused, where one did.</param>
/// <param name="Orgs">How many organisations were refused.</param>
/// <param name="Most">The organisations that were refused most, three at most.</param>
public sealed record RefusalSumResponse(
    string Period, string Code, string? Limit, long Count, int Orgs, IReadOnlyList<RefusedOrg> Most);

/// <summary>Counts the refusals of one organisation.</summary>
public sealed record RefusedOrg(string Org, long Count);
