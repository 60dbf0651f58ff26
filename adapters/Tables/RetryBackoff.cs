namespace Freeway.Adapters.Tables;

/// <summary>
/// Chooses how long to wait before trying again, with chance in it so that those who collided do not collide again.
/// </summary>
public sealed class Backoff(TimeProvider time, Random random)
{
    private static readonly TimeSpan Conflict = TimeSpan.FromMilliseconds(8);
    private static readonly TimeSpan Outage = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestOutage = TimeSpan.FromSeconds(3);

    private readonly Lock _lock = new();

    /// <summary>Waits after a lost race: up to 8 ms times the number of races lost in a row, at most 8 times.</summary>
    public Task AfterConflictAsync(int lost, CancellationToken cancellation) =>
        Task.Delay(Conflict * (Draw() * Math.Clamp(lost, 1, 8)), time, cancellation);

    /// <summary>Waits after an answer that did not come: 100 ms, doubling up to 3 s, of which half is chance.</summary>
    public Task AfterOutageAsync(int failures, CancellationToken cancellation)
    {
        var longest = Outage * Math.Pow(2, Math.Clamp(failures - 1, 0, 10));
        var bounded = longest < LongestOutage ? longest : LongestOutage;
        return Task.Delay(bounded * (0.5 + (Draw() / 2)), time, cancellation);
    }

    private double Draw()
    {
        lock (_lock)
        {
            return random.NextDouble();
        }
    }
}
