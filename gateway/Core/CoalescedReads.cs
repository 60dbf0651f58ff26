namespace Freeway.Gateway.Core;

/// <summary>
/// Lets those who look for the same thing at once share one look. A look serves only those who asked before it was
/// sent, so that it never misses what had been written when they asked:
/// <code>
///   first caller ──► look 1 ──► told, acts on it, done ──► look 2 ──► all told
///   all who come meanwhile wait in the line ──────────────────┘
/// </code>
/// The next look is sent once all whom the last one told are done: what they write upon it, the next ones see.
/// </summary>
public sealed class CoalescedReads<TKey, T>(Func<TKey, Task<T>> look)
    where TKey : notnull
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, Line> _lines = [];

    /// <summary>Looks, or waits for the next look that is sent. Whoever is told disposes what it was told.</summary>
    /// <param name="cancellation">Ends the wait of this caller alone.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public async Task<Told> LookAsync(TKey key, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var round = Join(key);
        try
        {
            return new Told(await round.Answer.WaitAsync(cancellation), () => Leave(key, round));
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
            if (_lines.TryGetValue(key, out var line))
            {
                line.Next ??= new Round();
                line.Next.Members++;
                return line.Next;
            }

            var first = new Round { Members = 1 };
            _lines[key] = new Line(first);
            Send(key, first);
            return first;
        }
    }

    private void Leave(TKey key, Round round)
    {
        lock (_gate)
        {
            round.Members--;
            GoOn(key, round);
        }
    }

    /// <summary>Sends the next look where nobody has anything to do with this one any more. The gate is held.</summary>
    private void GoOn(TKey key, Round round)
    {
        if (round is { Members: > 0 } or { IsOver: false } || _lines.GetValueOrDefault(key)?.Current != round)
        {
            return;
        }

        if (_lines[key].Next is { Members: > 0 } next)
        {
            _lines[key] = new Line(next);
            Send(key, next);
        }
        else
        {
            _lines.Remove(key);
        }
    }

    private void Send(TKey key, Round round)
    {
        // The look serves many callers, so it carries the trace of none.
        using (ExecutionContext.SuppressFlow())
        {
            _ = SendAsync(key, round);
        }
    }

    private async Task SendAsync(TKey key, Round round)
    {
        // Whoever sends holds the gate.
        await Task.Yield();
        try
        {
            round.Answer.TrySet(await look(key));
        }
        catch (Exception error)
        {
            round.Answer.TryFail(error);
        }

        lock (_gate)
        {
            round.IsOver = true;
            GoOn(key, round);
        }
    }

    /// <summary>What a look has told one caller; disposing it says that the caller is done with it.</summary>
    public sealed class Told(T value, Action done) : IDisposable
    {
        private Action? _done = done;

        public T Value => value;

        public void Dispose() => Interlocked.Exchange(ref _done, null)?.Invoke();
    }

    /// <summary>The look under way, and the one after it where somebody waits for that.</summary>
    private sealed class Line(Round current)
    {
        public Round Current => current;

        public Round? Next { get; set; }
    }

    private sealed class Round
    {
        public Answer<T> Answer { get; } = new();

        /// <summary>Those who wait for it, or have been told and are not done.</summary>
        public int Members { get; set; }

        public bool IsOver { get; set; }
    }
}
