namespace Freeway.Runner.Tests.Broker;

/// <summary>Looks again, for what nothing signals.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);
    private const int Looks = 1000;

    public static async Task BecomesAsync<T>(Func<T> look, T expected)
    {
        using var timer = new PeriodicTimer(Interval);
        for (var i = 0; i < Looks && !Equals(look(), expected); i++)
        {
            await timer.WaitForNextTickAsync();
        }

        look().ShouldBe(expected);
    }
}
