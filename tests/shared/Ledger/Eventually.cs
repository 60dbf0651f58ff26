namespace Freeway.Tests.Shared.Ledger;

/// <summary>Waits for what nothing signals.</summary>
public static class Eventually
{
    public static async Task TrueAsync(Func<bool> condition)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        for (var ticks = 0; !condition(); ticks++)
        {
            ticks.ShouldBeLessThan(10_000, "It did not come true in time.");
            await poll.WaitForNextTickAsync();
        }
    }

    /// <summary>Looks for a while whether it comes true, which it must not.</summary>
    public static async Task NeverAsync(Func<bool> condition, int ticks)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        for (; ticks > 0; ticks--)
        {
            condition().ShouldBeFalse("It came true.");
            await poll.WaitForNextTickAsync();
        }
    }
}
