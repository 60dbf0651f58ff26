namespace Freeway.Tests.Shared.Ledger;

/// <summary>
/// A process's clock: the time that all of them share, wrong by a bit. Its timers are real ones, so that waits end by
/// themselves, while a test can jump to another day.
/// </summary>
public sealed class SkewedClock(SharedTime shared, TimeSpan skew) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => shared.Now + skew;
}
