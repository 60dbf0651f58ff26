namespace Freeway.Gateway.Core;

/// <summary>Works through many items, a few at a time, without leaving the caller's synchronization context.</summary>
public static class SideBySide
{
    /// <summary>
    /// Runs <paramref name="run"/> for each item. The first failure ends the taking of further items.
    /// </summary>
    /// <param name="most">How many run at once at most.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Task ForEachAsync<T>(
        IEnumerable<T> items, int most, Func<T, CancellationToken, Task> run, CancellationToken cancellation) =>
        ForEachAsync(items.ToAsyncEnumerable(), most, run, cancellation);

    /// <inheritdoc cref="ForEachAsync{T}(IEnumerable{T}, int, Func{T, CancellationToken, Task}, CancellationToken)"/>
    public static async Task ForEachAsync<T>(
        IAsyncEnumerable<T> items, int most, Func<T, CancellationToken, Task> run, CancellationToken cancellation)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var next = new AsyncLock();
        await using var source = items.GetAsyncEnumerator(failed.Token);
        var ended = false;
        await Task.WhenAll(Enumerable.Range(0, most).Select(_ => WorkAsync()));
        cancellation.ThrowIfCancellationRequested();

        async Task WorkAsync()
        {
            try
            {
                while (true)
                {
                    T item;
                    using (await next.EnterAsync(failed.Token))
                    {
                        if (ended || !await source.MoveNextAsync())
                        {
                            ended = true;
                            return;
                        }

                        item = source.Current;
                    }

                    await run(item, failed.Token);
                }
            }
            catch (OperationCanceledException) when (failed.IsCancellationRequested && !cancellation.IsCancellationRequested)
            {
                // Another worker has failed, and its exception is the one that is told.
            }
            catch
            {
                failed.Cancel();
                throw;
            }
        }
    }
}
