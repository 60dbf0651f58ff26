namespace Freeway.Gateway.Core;

/// <summary>
/// Bounds how long one request may wait for storage. All its stages spend from one budget, so that storage which hangs
/// is noticed after the whole of it and not after a share for each stage. Time that the caller or an upstream takes is
/// free.
/// </summary>
/// <remarks>It is not thread-safe: one request's stages come one after the other.</remarks>
public sealed class WaitBudget(TimeSpan whole, TimeProvider clock)
{
    private TimeSpan _spent;

    /// <summary>The time that has not been spent yet; zero at least.</summary>
    public TimeSpan Left => whole > _spent ? whole - _spent : TimeSpan.Zero;

    /// <summary>Waits for storage for at most what is left.</summary>
    /// <param name="read">Gets a token that fires when nothing is left, or with the caller's.</param>
    /// <exception cref="IOException">Storage gave no answer in the time that was left.</exception>
    public async Task<T> SpendAsync<T>(Func<CancellationToken, Task<T>> read, CancellationToken cancellation)
    {
        using var limit = new TimeLimit(Left, clock, cancellation);
        try
        {
            return await SpendAsync(_ => read(limit.Token));
        }
        catch (OperationCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            throw new IOException(
                $"Storage gave no answer within {whole.TotalSeconds:0.#} s for all of a request.", late);
        }
    }

    /// <summary>Waits for something that keeps to a time limit by itself, and counts the time.</summary>
    /// <param name="wait">Gets the time that is left.</param>
    public async Task<T> SpendAsync<T>(Func<TimeSpan, Task<T>> wait)
    {
        var began = clock.GetTimestamp();
        try
        {
            return await wait(Left);
        }
        finally
        {
            _spent += clock.GetElapsedTime(began);
        }
    }
}
