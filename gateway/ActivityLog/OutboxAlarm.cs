using System.Text.Json;
using Freeway.Gateway.Core;
using Freeway.Gateway.Ledger;

namespace Freeway.Gateway.ActivityLog;

/// <summary>
/// Raises an alarm where records have waited too long in the ledger: this process's own that the broker would not take,
/// and whatever dead instances left for recovery. Other live instances see to theirs. Where nothing waits it costs one
/// query.
/// </summary>
public sealed class OutboxAlarm(
    IInstanceStore instances, ILedgerStore store, ActivityOutbox outbox, InstanceLease lease, TimeProvider clock, LedgerOptions options) : IAlarm
{
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>A look must not become a scan: so many partitions tell enough.</summary>
    private const int MostPartitions = 20;

    public string Name => "outbox_waiting";

    public string Remedy => "See whether Service Bus answers and the timer LedgerRecovery runs; the records are safe in the ledger and go out by themselves.";

    public async Task<AlarmStatus?> LookAsync(CancellationToken cancellation)
    {
        var (now, count, oldest) = (clock.GetUtcNow(), 0L, (DateTimeOffset?)null);
        foreach (var (instance, org, since) in (await PlacesAsync(now, cancellation)).DistinctBy(place => (place.Instance, place.Org)).Take(MostPartitions))
        {
            foreach (var row in await store.ReadRequestsAsync(org, instance, 0, long.MaxValue, cancellation))
            {
                // What a dead instance left open is as overdue as what it had finished.
                if ((!row.Open || since is not null) && !outbox.IsWithheld(row.Key))
                {
                    var at = FinishedAt(row) ?? since ?? now;
                    (count, oldest) = (count + 1, oldest < at ? oldest : at);
                }
            }
        }

        var age = oldest is { } first && first < now ? now - first : TimeSpan.Zero;
        QueueMetrics.Waits(count, age);
        return age <= Longest ? null
            : new AlarmStatus(oldest + Longest, $"{count} activity records wait for the queue, the oldest for {(long)age.TotalMinutes} min.");
    }

    /// <summary>
    /// Lists the partitions in which rows may be waiting: this process's own and those of dead instances, with the last
    /// heartbeat of the dead. What this process did under an id that it has lost since may be listed twice.
    /// </summary>
    private async Task<List<(string Instance, string Org, DateTimeOffset? Since)>> PlacesAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var places = outbox.Behind.Select(place => (place.Instance, place.Org, (DateTimeOffset?)null)).ToList();
        foreach (var beat in await instances.ListAsync(cancellation))
        {
            if (beat.Instance != lease.Instance && beat.IsDead(now, options.StaleAfter) && places.Count < MostPartitions)
            {
                places.AddRange((await instances.OrgsAsync(beat.Instance, cancellation)).Select(org => (beat.Instance, org, (DateTimeOffset?)beat.At)));
            }
        }

        return places;
    }

    private static DateTimeOffset? FinishedAt(RequestRow row)
    {
        try
        {
            var record = ActivityJson.Read(row.Record.Span);
            return record.Time + TimeSpan.FromMilliseconds(record.LatencyMs);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
