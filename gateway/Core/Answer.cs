namespace Freeway.Gateway.Core;

/// <summary>
/// A result that one sets and others wait for. Whoever waits goes on in a turn of its own, never on the stack of the
/// one who sets the result, so that a single writer is not held up by what its callers do next.
/// </summary>
/// <remarks>
/// <c>TaskCreationOptions.RunContinuationsAsynchronously</c> promises the same, but sends combined waits
/// (<c>WaitAsync</c>, <c>WhenAll</c>) to the thread pool whatever the synchronization context is. The yield below
/// respects the context, and the simulator needs that: it runs everything on one thread.
/// </remarks>
public sealed class Answer<T>
{
    private readonly TaskCompletionSource<T> _source = new();

    public bool IsSet => _source.Task.IsCompleted;

    /// <summary>Sets the result. False where there is one already.</summary>
    public bool TrySet(T result) => _source.TrySetResult(result);

    /// <summary>Makes all who wait fail with this exception. False where there is a result already.</summary>
    public bool TryFail(Exception error) => _source.TrySetException(error);

    /// <summary>
    /// Ends the wait of all with <see cref="OperationCanceledException"/>. False where there is a result already.
    /// </summary>
    public bool TryCancel() => _source.TrySetCanceled();

    /// <summary>Waits for the result.</summary>
    /// <param name="cancellation">Ends the wait, not the work.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled first, or the answer was.</exception>
    public Task<T> WaitAsync(CancellationToken cancellation = default) =>
        _source.Task.IsCompleted ? _source.Task : InOwnTurnAsync(_source.Task.WaitAsync(cancellation));

    /// <summary>Waits for the result, for so long at most by this clock.</summary>
    /// <inheritdoc cref="WaitAsync(CancellationToken)"/>
    /// <exception cref="TimeoutException">There was no result in time.</exception>
    public Task<T> WaitAsync(TimeSpan longest, TimeProvider clock, CancellationToken cancellation) =>
        _source.Task.IsCompleted ? _source.Task : InOwnTurnAsync(_source.Task.WaitAsync(longest, clock, cancellation));

    private static async Task<T> InOwnTurnAsync(Task<T> waiting)
    {
        try
        {
            return await waiting;
        }
        finally
        {
            await Task.Yield();
        }
    }
}
