using System.Collections.Concurrent;
using Freeway.Gateway.Core;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.Ledger;

/// <summary>
/// This process's right to reserve: an id, a sign of life that others can see, and a note of every org it reserves for.
/// Both are written before the first reservation. A lease that was not renewed in half the time after which others
/// take it for dead admits nothing until it is renewed, or replaced by a new id.
/// </summary>
public sealed class InstanceLease(IInstanceStore store, TimeProvider clock, IdSource ids, LedgerOptions options, ILogger<InstanceLease> logger)
{
    private readonly AsyncLock _turn = new();
    private volatile Term? _term;

    /// <summary>The instance's id now; null before its first reservation.</summary>
    public string? Instance => _term?.Instance;

    /// <summary>The orgs that were registered under the present id.</summary>
    public IReadOnlyList<string> Orgs => _term is { } term ? [.. term.Orgs.Keys] : [];

    /// <summary>The name of the next request row of this org.</summary>
    /// <exception cref="IOException">The store is out of reach and the lease needed it.</exception>
    public async ValueTask<RequestKey> NextAsync(string org, CancellationToken cancellation)
    {
        var term = _term is { } current && IsFresh(current) && current.Orgs.ContainsKey(org)
            ? current
            : await EnterAsync(org, cancellation);
        return new RequestKey(term.Instance, Interlocked.Increment(ref term.Sequence));
    }

    /// <summary>
    /// True while a row of this name may be written as a new reservation: nobody takes its instance for dead yet.
    /// </summary>
    public bool Covers(RequestKey row) => _term is { } term && term.Instance == row.Instance && IsFresh(term);

    /// <summary>Renews the lease, where there is one.</summary>
    public async Task BeatAsync(CancellationToken cancellation)
    {
        using (await _turn.EnterAsync(cancellation))
        {
            if (_term is { } term)
            {
                await RenewAsync(term, cancellation);
            }
        }
    }

    /// <summary>Orgs are noted side by side: one that is new here does not wait for another.</summary>
    private async Task<Term> EnterAsync(string org, CancellationToken cancellation)
    {
        while (true)
        {
            var term = await FreshAsync(cancellation);
            if (!term.Orgs.ContainsKey(org))
            {
                await term.Noting.GetOrAdd(org, name => new Lazy<Task>(() => NoteAsync(term, name))).Value.WaitAsync(cancellation);
            }

            // What was noted under an id that is no longer ours, or not fresh any more, admits nothing.
            if (ReferenceEquals(term, _term) && IsFresh(term))
            {
                return term;
            }
        }
    }

    private async Task<Term> FreshAsync(CancellationToken cancellation)
    {
        if (_term is { } current && IsFresh(current))
        {
            return current;
        }

        using (await _turn.EnterAsync(cancellation))
        {
            return _term is { } term && IsFresh(term) ? term : await RenewAsync(_term, cancellation);
        }
    }

    /// <summary>
    /// Serves all who wait for this org, so none of them may end it; the store ends it within seconds.
    /// </summary>
    private async Task NoteAsync(Term term, string org)
    {
        try
        {
            await store.RegisterAsync(term.Instance, org, CancellationToken.None);
            term.Orgs[org] = true;
        }
        finally
        {
            term.Noting.TryRemove(org, out _);
        }
    }

    private async Task<Term> RenewAsync(Term? term, CancellationToken cancellation)
    {
        var now = Moment.Now(clock);
        if (term is not null && Age(term) < options.StaleAfter
            && await store.BeatAsync(term.Instance, now.Calendar, term.ETag, cancellation) is { } renewed)
        {
            (term.ETag, term.Beat) = (renewed, now);
            return term;
        }

        if (term is not null)
        {
            LedgerLog.TakenForDead(logger, term.Instance);
        }

        var fresh = new Term(ids.Next());
        fresh.ETag = await store.BeatAsync(fresh.Instance, now.Calendar, null, cancellation)
            ?? throw new IOException("A new instance's row is already there.");
        fresh.Beat = now;
        return _term = fresh;
    }

    private bool IsFresh(Term term) => Age(term) < options.StaleAfter / 2;

    private TimeSpan Age(Term term) => Moment.Now(clock).Since(term.Beat);

    private sealed class Term(string instance)
    {
        public long Sequence;

        public string Instance => instance;

        public ConcurrentDictionary<string, bool> Orgs { get; } = new(StringComparer.Ordinal);

        /// <summary>The notes that are being written, one for each org.</summary>
        public ConcurrentDictionary<string, Lazy<Task>> Noting { get; } = new(StringComparer.Ordinal);

        public string? ETag { get; set; }

        /// <summary>When the last sign of life was sent.</summary>
        public Moment Beat { get; set; }
    }
}
