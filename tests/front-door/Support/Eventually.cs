namespace Freeway.FrontDoor.Tests.Support;

/// <summary>Waits for what nothing signals, e.g. a row in a table: looks again and again, for thirty seconds at most.</summary>
public static class Eventually
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(25);

    /// <summary>The first value that fits; fails with the last one seen.</summary>
    /// <param name="show">Says what was seen; null where its own text does.</param>
    public static async Task<T> GetAsync<T>(Func<Task<T>> look, Func<T, bool> fits, Func<T, string>? show = null)
    {
        using var limit = new CancellationTokenSource(Longest);
        using var timer = new PeriodicTimer(Every);
        while (true)
        {
            var seen = await look();
            if (fits(seen))
            {
                return seen;
            }

            try
            {
                await timer.WaitForNextTickAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"After {Longest} it was still: {show?.Invoke(seen) ?? $"{seen}"}");
            }
        }
    }

    public static Task TrueAsync(Func<Task<bool>> look) => GetAsync(look, seen => seen);
}
