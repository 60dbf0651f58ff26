namespace Freeway.Gateway.Core;

/// <summary>
/// Shares one read among callers who want the same thing at once. A read serves only those who asked before it was
/// sent, so that it never misses what had been written when they asked:
/// <code>
///   first caller ──► read 1 ──► acts on its result, done ──► read 2 ──► all of them
///   all who come meanwhile wait for the next read ────────────┘
/// </code>
/// The next read is sent once all callers of the last one are done: what they write upon it, the next ones see.
/// </summary>
public sealed class CoalescedReads<TKey, T>(Func<TKey, Task<T>> read)
    where TKey : notnull
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, Rounds> _rounds = [];

    /// <summary>
    /// Reads, or waits for the next read that is sent. Whoever gets a result disposes it when done with it.
    /// </summary>
    /// <param name="cancellation">Ends the wait of this caller alone.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public async Task<SharedRead> ReadAsync(TKey key, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var round = Join(key);
        try
        {
            return new SharedRead(await round.Answer.WaitAsync(cancellation), () => Leave(key, round));
        }
        catch
        {
            Leave(key, round);
            throw;
        }
    }

    private Round Join(TKey key)
    {
        lock (_gate)
        {
            // The round under way was sent before this caller asked, so the caller joins the one after it.
            if (_rounds.TryGetValue(key, out var rounds))
            {
                rounds.Next ??= new Round();
                rounds.Next.Callers++;
                return rounds.Next;
            }

            var first = new Round { Callers = 1 };
            _rounds[key] = new Rounds(first);
            Send(key, first);
            return first;
        }
    }

    private void Leave(TKey key, Round round)
    {
        lock (_gate)
        {
            round.Callers--;
            SendNext(key, round);
        }
    }

    /// <summary>Sends the next read once nobody has anything to do with this one any more. The gate is held.</summary>
    private void SendNext(TKey key, Round round)
    {
        var isInUse = round.Callers > 0 || !round.HasEnded;
        if (isInUse || _rounds.GetValueOrDefault(key)?.Current != round)
        {
            return;
        }

        if (_rounds[key].Next is { Callers: > 0 } next)
        {
            _rounds[key] = new Rounds(next);
            Send(key, next);
        }
        else
        {
            _rounds.Remove(key);
        }
    }

    private void Send(TKey key, Round round)
    {
        // The read serves many callers, so it must not carry the trace of the one who happens to send it.
        using (ExecutionContext.SuppressFlow())
        {
            _ = SendAsync(key, round);
        }
    }

    private async Task SendAsync(TKey key, Round round)
    {
        // Whoever sends holds the gate: the read waits until it is free.
        await Task.Yield();
        try
        {
            round.Answer.TrySet(await read(key));
        }
        catch (Exception error)
        {
            round.Answer.TryFail(error);
        }

        lock (_gate)
        {
            round.HasEnded = true;
            SendNext(key, round);
        }
    }

    /// <summary>
    /// Holds the result of a shared read for one caller. Disposing it says that the caller is done with it.
    /// </summary>
    public sealed class SharedRead(T value, Action done) : IDisposable
    {
        private Action? _done = done;

        public T Value => value;

        public void Dispose() => Interlocked.Exchange(ref _done, null)?.Invoke();
    }

    /// <summary>The read of a key under way, and the one after it where somebody waits for that.</summary>
    private sealed class Rounds(Round current)
    {
        public Round Current => current;

        public Round? Next { get; set; }
    }

    private sealed class Round
    {
        public Answer<T> Answer { get; } = new();

        /// <summary>
        /// Gets or sets how many callers wait for the read, or have its result and are not done with it.
        /// </summary>
        public int Callers { get; set; }

        public bool HasEnded { get; set; }
    }
}
