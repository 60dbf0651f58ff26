namespace Freeway.Gateway.Core;

/// <summary>
/// Lets one in at a time, in the order in which they came. Unlike a semaphore's cancellable wait it stays in the
/// synchronization context of whoever waits.
/// </summary>
public sealed class AsyncLock
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Answer<bool>> _waiting = [];
    private bool _taken;

    /// <summary>Waits for one's turn; disposing the result ends it.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled first: it is nobody's turn by
    ///     that.</exception>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var turn = new Answer<bool>();
        lock (_gate)
        {
            if (!_taken)
            {
                _taken = true;
                return new Turn(this);
            }

            _waiting.AddLast(turn);
        }

        try
        {
            await turn.WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            // The turn may have been given at the same moment: then it goes to the next.
            if (!turn.TryCancel())
            {
                PassOn();
            }

            throw;
        }

        return new Turn(this);
    }

    private void PassOn()
    {
        lock (_gate)
        {
            while (_waiting.First is { } next)
            {
                _waiting.RemoveFirst();
                if (next.Value.TrySet(true))
                {
                    return;
                }
            }

            _taken = false;
        }
    }

    private sealed class Turn(AsyncLock owner) : IDisposable
    {
        private AsyncLock? _owner = owner;

        public void Dispose() => Interlocked.Exchange(ref _owner, null)?.PassOn();
    }
}
