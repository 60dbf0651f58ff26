namespace Freeway.Tests.Shared.Ledger;

/// <summary>The time of a simulated world: it flows as time does, and jumps when a test says so.</summary>
public sealed class SharedTime(DateTimeOffset start)
{
    private readonly long _started = TimeProvider.System.GetTimestamp();
    private long _jumped;

    public DateTimeOffset Now => start + TimeProvider.System.GetElapsedTime(_started) + TimeSpan.FromTicks(Volatile.Read(ref _jumped));

    public void Jump(TimeSpan by) => Interlocked.Add(ref _jumped, by.Ticks);
}
