namespace Freeway.Gateway.Ledger;

/// <summary>
/// How long an org's actor waits: after conflicts a random share of the round trips seen, so that processes take turns;
/// in an outage exponentially, up to a bound.
/// </summary>
internal sealed class CommitBackoff(TimeProvider clock, Random random, TimeSpan longest)
{
    private static readonly TimeSpan ContentionLasts = TimeSpan.FromSeconds(1);
    private TimeSpan _roundTrip = TimeSpan.FromMilliseconds(5);
    private DateTimeOffset _contended = DateTimeOffset.MinValue;
    private int _conflicts;
    private int _outages;

    /// <summary>Learns how long one transaction takes.</summary>
    public void Took(TimeSpan roundTrip) => _roundTrip = ((_roundTrip * 7) + roundTrip) / 8;

    public Task AfterConflictAsync(CancellationToken cancellation)
    {
        _contended = clock.GetUtcNow();
        return Wait(_roundTrip * random.NextDouble() * Math.Min(++_conflicts, 4), cancellation);
    }

    public Task AfterUnknownAsync(CancellationToken cancellation)
    {
        var step = TimeSpan.FromMilliseconds(20) * Math.Pow(2, Math.Min(_outages++, 10));
        return Wait((step < longest ? step : longest) * (0.5 + (random.NextDouble() / 2)), cancellation);
    }

    /// <summary>A commit is in: leave the others a gap while there was contention of late.</summary>
    public Task AfterCommitAsync(CancellationToken cancellation)
    {
        (_conflicts, _outages) = (0, 0);
        return clock.GetUtcNow() - _contended > ContentionLasts
            ? Task.CompletedTask
            : Wait(_roundTrip * random.NextDouble() * 2, cancellation);
    }

    private Task Wait(TimeSpan time, CancellationToken cancellation) => Task.Delay(time, clock, cancellation);
}
