using System.Runtime.CompilerServices;
using Freeway.Gateway.ActivityLog;

namespace Freeway.Gateway.Operations.Simulation;

/// <summary>
/// An org's records in the order in which they came about. The store reads them newest first, so a stretch of time that
/// has more than a page is halved until each part is one: memory holds a page, however long the day was.
/// </summary>
public sealed class DayRecords(IActivityStore store)
{
    /// <summary>A shorter stretch is read whole, however many records are in it.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(2);

    /// <param name="from">The earliest time, inclusive.</param>
    /// <param name="to">The latest time, exclusive.</param>
    /// <exception cref="IOException">The store is out of reach.</exception>
    public async IAsyncEnumerable<ActivityRecord> ReadAsync(
        string org, DateTimeOffset from, DateTimeOffset to, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var stretches = new Stack<(DateTimeOffset From, DateTimeOffset To)>([(from, to)]);
        while (stretches.TryPop(out var stretch))
        {
            var page = await store.QueryAsync(org, new ActivityQuery(ActivityQuery.MaxLimit, From: stretch.From, To: stretch.To), cancellation);
            if (page.NextCursor is null || stretch.To - stretch.From <= Shortest)
            {
                foreach (var record in (await RestAsync(org, stretch, page, cancellation)).Reverse())
                {
                    yield return record;
                }

                continue;
            }

            // Records are as exact as a millisecond: a cut between two of them leaves none out.
            var half = new DateTimeOffset((stretch.From.UtcTicks + ((stretch.To - stretch.From).Ticks / 2)) / TimeSpan.TicksPerMillisecond * TimeSpan.TicksPerMillisecond, TimeSpan.Zero);
            stretches.Push((half, stretch.To));
            stretches.Push((stretch.From, half));
        }
    }

    private async Task<IEnumerable<ActivityRecord>> RestAsync(string org, (DateTimeOffset From, DateTimeOffset To) stretch, ActivityPage page, CancellationToken cancellation)
    {
        var records = page.Records.ToList();
        while (page.NextCursor is { } next && ActivityCursor.TryParse(next, out var after))
        {
            page = await store.QueryAsync(
                org, new ActivityQuery(ActivityQuery.MaxLimit, after, stretch.From, stretch.To), cancellation);
            records.AddRange(page.Records);
        }

        return records;
    }
}
