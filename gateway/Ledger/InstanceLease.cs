using System.Collections.Concurrent;
using Freeway.Gateway.Core;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.Ledger;

/// <summary>
/// Holds this process's right to reserve: an id, a heartbeat that others can see, and a note of every org that it
/// reserves for. Both are written before the first reservation. A lease that was not renewed in half the time after
/// which others take the instance for dead admits nothing until it is renewed, or replaced by a new id.
/// </summary>
public sealed class InstanceLease(
    IInstanceStore store, TimeProvider clock, IdSource ids, LedgerOptions options, ILogger<InstanceLease> logger)
{
    private readonly AsyncLock _turn = new();
    private volatile Term? _term;

    /// <summary>The instance's id now; null before its first reservation.</summary>
    public string? Instance => _term?.Instance;

    /// <summary>The orgs that were registered under the present id.</summary>
    public IReadOnlyList<string> Orgs => _term is { } term ? [.. term.Orgs.Keys] : [];

    /// <summary>Names the next request row of this org.</summary>
    /// <exception cref="IOException">The store is out of reach and the lease needed it.</exception>
    public async ValueTask<RequestKey> NextAsync(string org, CancellationToken cancellation)
    {
        var term = _term is { } current && IsFresh(current) && current.Orgs.ContainsKey(org)
            ? current
            : await TermForAsync(org, cancellation);
        return new RequestKey(term.Instance, Interlocked.Increment(ref term.Sequence));
    }

    /// <summary>
    /// Tells whether a row with this name may be written as a new reservation: its instance is this one, and nobody
    /// takes it for dead yet.
    /// </summary>
    public bool Covers(RequestKey row) =>
        _term is { } term && term.Instance == row.Instance && IsFresh(term);

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

    /// <summary>
    /// A fresh term for which the org is noted. Orgs are noted in parallel: no org waits for another.
    /// </summary>
    private async Task<Term> TermForAsync(string org, CancellationToken cancellation)
    {
        while (true)
        {
            var term = await FreshTermAsync(cancellation);
            if (!term.Orgs.ContainsKey(org))
            {
                var registering = term.Registering.GetOrAdd(
                    org, name => new Lazy<Task>(() => RegisterAsync(term, name)));
                await registering.Value.WaitAsync(cancellation);
            }

            // What was noted under an id that is no longer ours, or not fresh any more, admits nothing.
            if (ReferenceEquals(term, _term) && IsFresh(term))
            {
                return term;
            }
        }
    }

    private async Task<Term> FreshTermAsync(CancellationToken cancellation)
    {
        if (_term is { } current && IsFresh(current))
        {
            return current;
        }

        using (await _turn.EnterAsync(cancellation))
        {
            // Another caller may have renewed it while this one waited for its turn.
            return _term is { } term && IsFresh(term) ? term : await RenewAsync(_term, cancellation);
        }
    }

    /// <summary>
    /// Notes an org in the store. All who wait for the org share the call, so none of them may cancel it; the store
    /// ends it within seconds.
    /// </summary>
    private async Task RegisterAsync(Term term, string org)
    {
        try
        {
            await store.RegisterAsync(term.Instance, org, CancellationToken.None);
            term.Orgs[org] = true;
        }
        finally
        {
            term.Registering.TryRemove(org, out _);
        }
    }

    private async Task<Term> RenewAsync(Term? term, CancellationToken cancellation)
    {
        var now = Moment.Now(clock);
        if (term is not null)
        {
            // An instance that finds its own heartbeat stale must not renew it: recovery may be at work already.
            var renewed = Age(term) < options.StaleAfter
                ? await store.BeatAsync(term.Instance, now.Calendar, term.ETag, cancellation)
                : null;
            if (renewed is not null)
            {
                (term.ETag, term.HeartbeatAt) = (renewed, now);
                return term;
            }

            LedgerLog.TakenForDead(logger, term.Instance);
        }

        var fresh = new Term(ids.Next());
        fresh.ETag = await store.BeatAsync(fresh.Instance, now.Calendar, null, cancellation)
            ?? throw new IOException("A new instance's row is already there.");
        fresh.HeartbeatAt = now;
        return _term = fresh;
    }

    private bool IsFresh(Term term) => Age(term) < options.StaleAfter / 2;

    private TimeSpan Age(Term term) => Moment.Now(clock).Since(term.HeartbeatAt);

    private sealed class Term(string instance)
    {
        public long Sequence;

        public string Instance => instance;

        public ConcurrentDictionary<string, bool> Orgs { get; } = new(StringComparer.Ordinal);

        /// <summary>The calls under way that note an org, by org.</summary>
        public ConcurrentDictionary<string, Lazy<Task>> Registering { get; } = new(StringComparer.Ordinal);

        public string? ETag { get; set; }

        /// <summary>Gets or sets the moment at which the last heartbeat was sent.</summary>
        public Moment HeartbeatAt { get; set; }
    }
}
