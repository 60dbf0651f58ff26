using System.Runtime.CompilerServices;
using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;

namespace Freeway.Gateway.Api;

/// <summary>
/// Sums what an organisation used, newest period first, today included. A day's sums stand beside its records while it
/// runs and stay in the usage table when it is closed; where both have a sum, the one with more requests is the later,
/// so that records that came late count and nothing counts twice. One month is read at a time. Sums know no end users:
/// what was used for one is counted from its records, as far back as those are kept.
/// </summary>
public sealed class UsageQueries(
    IActivityStore activity, IUsageStore usage, IRefusalStore refusals, EndUsers endUsers)
{
    public Listing<UsageLine> List(string org, UsageQuery query) =>
        new(cancellation => ListAsync(org, query, cancellation), cancellation => AllAsync(org, query, cancellation));

    private async Task<Result<Page<UsageLine>>> ListAsync(string org, UsageQuery query, CancellationToken cancellation)
    {
        try
        {
            var lines = await LinesAsync(org, query, cancellation).Take(query.Limit + 1).ToListAsync(cancellation);
            return lines.Count <= query.Limit
                ? new Page<UsageLine>([.. lines.Select(line => line.Line)])
                : new Page<UsageLine>(
                    [.. lines.Take(query.Limit).Select(line => line.Line)], lines[query.Limit - 1].Cursor.ToString());
        }
        catch (IOException)
        {
            return Refuse.CannotBeRead();
        }
    }

    private async IAsyncEnumerable<IReadOnlyList<UsageLine>> AllAsync(
        string org, UsageQuery query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var lines = LinesAsync(org, query, cancellation).Select(line => line.Line);
        await foreach (var some in (query.IsLimited ? lines.Take(query.Limit) : lines).Chunk(UsageQuery.MaxLimit))
        {
            yield return some;
        }
    }

    private async IAsyncEnumerable<(UsageLine Line, UsageCursor Cursor)> LinesAsync(
        string org, UsageQuery query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (query.From >= query.To)
        {
            yield break;
        }

        var last = query.After is { } place && place.Period < query.To ? place.Period : query.To.AddDays(-1);
        for (var (month, first) = (First(last), First(query.From)); month >= first; month = month.AddMonths(-1))
        {
            foreach (var (group, line) in await MonthAsync(org, month, query, cancellation))
            {
                if (query.After is not { } after || group.Start < after.Period
                    || (group.Start == after.Period && string.CompareOrdinal(group.Place, after.Place) > 0))
                {
                    yield return (line, new UsageCursor(group.Start, group.Place));
                }
            }

            if (month == first)
            {
                yield break;
            }
        }
    }

    private async Task<IEnumerable<(UsageGroup Group, UsageLine Line)>> MonthAsync(
        string org, DateOnly month, UsageQuery query, CancellationToken cancellation)
    {
        var from = query.From > month ? query.From : month;
        var end = new DateOnly(month.Year, month.Month, DateTime.DaysInMonth(month.Year, month.Month));
        var last = query.To.AddDays(-1) < end ? query.To.AddDays(-1) : end;
        var running = query.EndUser is { } endUser
            ? CountAsync(org, endUser, from, last, query, cancellation)
            : activity.SumsOfMonthAsync(org, month, query.Key, cancellation);
        var closed = query.EndUser is null
            ? usage.ListAsync(org, from, last, cancellation)
            : Task.FromResult<IReadOnlyList<DailyUsage>>([]);
        var refused = query.TellsRefusals ? RefusedAsync(org, from, last, query, cancellation) : null;
        await Task.WhenAll(running, closed, refused ?? Task.CompletedTask);

        var sums = (await running).Concat(await closed)
            .Where(sum => sum.Day >= from && sum.Day <= last
                && (query.Model ?? sum.Model) == sum.Model && (query.Key ?? sum.Key) == sum.Key && (
                    query.Tier ?? sum.Tier) == sum.Tier)
            .GroupBy(sum => (sum.Day, sum.Model, sum.Tier, sum.Key))
            .Select(same => same.MaxBy(sum => sum.Requests)!)
            .ToLookup(sum => UsageGroup.Of(sum, query));
        var reasons = refused is null ? null : await refused;
        return sums.Select(group => group.Key).Union(reasons?.Keys ?? Enumerable.Empty<UsageGroup>())
            .OrderByDescending(group => group.Start).ThenBy(group => group.Place, StringComparer.Ordinal)
            .Select(group => (group, group.Line(
                [.. sums[group]], reasons is null ? null : Refused(reasons.GetValueOrDefault(group)), query.By)));
    }

    /// <summary>Sums up the records of one end user.</summary>
    private async Task<IReadOnlyList<DailyUsage>> CountAsync(
        string org, string idOrHash, DateOnly from, DateOnly last, UsageQuery query, CancellationToken cancellation)
    {
        var endUser = await endUsers.LookUpAsync(org, idOrHash, cancellation);
        var wanted = new ActivityQuery(ActivityQuery.MaxLimit, From: Midnight(from), To: Midnight(last).AddDays(1))
        {
            EndUser = endUser.Id.Hash,
            Model = query.Model,
            Key = query.Key,
            Tier = query.Tier,
        };
        var sums = new Dictionary<DailyUsage, DailyUsage>();
        for (ActivityCursor? after = null; ;)
        {
            var page = await activity.QueryAsync(org, wanted with { After = after }, cancellation);
            foreach (var record in page.Records)
            {
                var empty = DailyUsage.For(record);
                sums[empty] = sums.GetValueOrDefault(empty, empty).With(record);
            }

            if (page.NextCursor is not { } next || !ActivityCursor.TryParse(next, out var place))
            {
                return [.. sums.Values];
            }

            after = place;
        }
    }

    private async Task<Dictionary<UsageGroup, Dictionary<(string Code, string? Limit), long>>> RefusedAsync(
        string org, DateOnly from, DateOnly last, UsageQuery query, CancellationToken cancellation)
    {
        var reasons = new Dictionary<UsageGroup, Dictionary<(string, string?), long>>();
        var wanted = new RefusalQuery(
            RefusalQuery.MaxLimit, From: Midnight(from), To: Midnight(last).AddDays(1)) { Model = query.Model };
        await foreach (var (key, count) in refusals.StreamAsync(org, wanted, cancellation))
        {
            var group = UsageGroup.Of(key, query);
            if (!reasons.TryGetValue(group, out var counts))
            {
                reasons[group] = counts = [];
            }

            counts[(key.Code, key.Limit)] = counts.GetValueOrDefault((key.Code, key.Limit)) + count;
        }

        return reasons;
    }

    private static RefusedUsage Refused(IReadOnlyDictionary<(string Code, string? Limit), long>? counts) => counts is null ? new(0, []) : new(
        counts.Values.Sum(),
        [.. counts.Select(pair => new RefusalReason(pair.Key.Code, pair.Key.Limit, pair.Value))
            .OrderByDescending(reason => reason.Count).ThenBy(reason => reason.Code, StringComparer.Ordinal).ThenBy(
                reason => reason.Limit, StringComparer.Ordinal)]);

    private static DateOnly First(DateOnly day) => day.AddDays(1 - day.Day);

    private static DateTimeOffset Midnight(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);
}
