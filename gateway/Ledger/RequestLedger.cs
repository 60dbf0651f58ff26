using System.Collections.Concurrent;
using Freeway.Gateway.Core;
using Freeway.Gateway.Plans;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.Ledger;

/// <summary>
/// Reserves, settles and forgets, strictly: what a limit allows is never exceeded by one, however many instances race,
/// and an admitted request and its record exist together or not at all. See docs/decisions/ledger.md.
/// </summary>
public sealed class RequestLedger(
    ILedgerStore store, InstanceLease lease, TimeProvider clock, Random random, LedgerOptions options, ILogger<RequestLedger> logger)
{
    /// <summary>In bytes; where many records are larger the store says so, and a batch is halved.</summary>
    private const int UsualRecord = 4096;

    private readonly ConcurrentDictionary<string, LedgerPartition> _partitions = new(StringComparer.Ordinal);
    private readonly long _identity = Seed(random).NextInt64();
    private long _settles;

    /// <summary>
    /// The rows that this process answers for. Whoever is given a reservation releases its row in the end.
    /// </summary>
    public OwnedRows Held { get; } = new();
    private volatile bool _closing;

    /// <summary>Takes from every limit, or from none. A known refusal costs no storage operation.</summary>
    /// <param name="takes">At least one, of different limits.</param>
    /// <param name="draft">The activity record as far as it is known: what recovery finishes if this process
    ///     dies.</param>
    /// <param name="once">Of a request with an <c>Idempotency-Key</c>: where another request has used it within a day,
    ///     this one is refused as its repeat.</param>
    /// <param name="before">The finished row of an earlier reservation of the same request, whose record was not sent:
    ///     this one takes its place, and takes its outcome back.</param>
    /// <param name="within">What the request has left of the reserve deadline; null for all of it.</param>
    /// <param name="smaller">
    /// What it makes do with where the limits cannot give all that it could use; null where it needs that.
    /// </param>
    public async Task<Result<Reservation>> ReserveAsync(
        string org,
        string requestId,
        IReadOnlyList<Claim> takes,
        ReadOnlyMemory<byte> draft,
        CancellationToken cancellation,
        IdempotencyRow? once = null,
        RequestRow? before = null,
        TimeSpan? within = null,
        SizedClaims? smaller = null)
    {
        if (_closing)
        {
            return Refuse.ShuttingDown();
        }

        if (Partition(org).TryRefuse(takes, smaller) is { } known)
        {
            return known;
        }

        using var span = Tracing.Step("ledger reserve");
        var longest = within < options.ReserveDeadline ? within.Value : options.ReserveDeadline;
        using var deadline = new CancellationTokenSource(longest, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        ReserveOperation operation;
        try
        {
            var row = await lease.NextAsync(org, either.Token);
            var repeat = once is null ? null : once with { RequestId = requestId, Outcome = null, ETag = null };
            operation = new ReserveOperation(org, row, requestId, requestId, takes, smaller, draft, repeat, before, lease, options);
        }
        catch (Exception outage) when (outage is IOException || (outage is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return ReserveOperation.Unavailable();
        }

        Enqueue(org, operation);
        try
        {
            return await operation.Answer.WaitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            if (!operation.TryAbandon(out var nothingSent))
            {
                return await operation.Answer.WaitAsync();
            }

            cancellation.ThrowIfCancellationRequested();
            // What was sent is hunted and given back; should this process die before that, recovery books it.
            return nothingSent ? ReserveOperation.Unavailable() : Refuse.OutcomeUnknown(requestId, ReserveOperation.RetryAfterOutage);
        }
    }

    /// <summary>True where a reservation would be refused from memory.</summary>
    public bool IsKnownSpent(string org, IReadOnlyList<Claim> takes) => Partition(org).TryRefuse(takes, null) is not null;

    /// <summary>What these takes would get now, read from the store. Takes nothing.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    public async Task<Result<Allocation>> CheckAsync(
        string org, IReadOnlyList<Claim> takes, CancellationToken cancellation, SizedClaims? smaller = null)
    {
        var rows = await ReadRowsAsync(org, takes.Select(take => take.Quota), cancellation);
        var now = clock.GetUtcNow();
        var taking = Allocation.Largest(takes, smaller, key => rows[key], now);
        return taking.Short is [] ? taking : QuotaRefusal.Of(taking, taking.Short, now);
    }

    /// <summary>
    /// Replaces what the request held by what it used, in the windows in which it was admitted, and keeps the finished
    /// record. What gifts cover and what is charged is decided with the rows as they are then, see
    /// <see cref="SettlementCalculator"/>.
    /// </summary>
    /// <param name="used">In the order and of the limits of the reservation's takes.</param>
    /// <param name="record">Writes the record. Called for each attempt; the record that counts is the answered
    ///     row's.</param>
    /// <param name="outcome">For repeats of a request with an <c>Idempotency-Key</c>; null lets it be sent
    ///     again.</param>
    /// <param name="cancellation">Ends the wait, not the work.</param>
    /// <returns>The finished row; null where recovery has taken the request and booked it as aborted.</returns>
    public Task<RequestRow?> SettleAsync(
        Reservation reservation, IReadOnlyList<Claim> used, Func<SettlementAmounts, ReadOnlyMemory<byte>> record, RequestOutcome? outcome, CancellationToken cancellation)
    {
        if (!used.Select(use => use.Quota).SequenceEqual(reservation.Holds.Select(hold => hold.Quota)))
        {
            throw new ArgumentException("What was used must be of the limits that were taken from, in their order.", nameof(used));
        }

        return SettleAsync(
            reservation.Org, reservation.Open, rows => SettlementCalculator.Of(used, reservation.Holds, rows), record, UsualRecord, reservation.Once, outcome, cancellation);
    }

    /// <summary>The same with amounts that are certain, per hold in order; they are booked as they are.</summary>
    public Task<RequestRow?> SettleAsync(Reservation reservation, IReadOnlyList<long> used, ReadOnlyMemory<byte> record, CancellationToken cancellation) =>
        SettleAsync(
            reservation.Org, reservation.Open, _ => new SettlementAmounts(0, 0, used), _ => record, record.Length, reservation.Once, null, cancellation);

    /// <summary>The same for an open row that another instance left behind.</summary>
    public Task<RequestRow?> SettleAsync(
        string org, RequestRow open, IReadOnlyList<long> used, ReadOnlyMemory<byte> record, CancellationToken cancellation, RequestOutcome? outcome = null) =>
        SettleAsync(org, open, _ => new SettlementAmounts(0, 0, used), _ => record, record.Length, null, outcome, cancellation);

    /// <summary>The same with a record that is written once it is certain what is booked.</summary>
    /// <param name="recordSize">In bytes, roughly.</param>
    public Task<RequestRow?> SettleAsync(
        string org, RequestRow open, IReadOnlyList<long> used, Func<SettlementAmounts, ReadOnlyMemory<byte>> record, int recordSize, RequestOutcome? outcome, CancellationToken cancellation) =>
        SettleAsync(org, open, _ => new SettlementAmounts(0, 0, used), record, recordSize, null, outcome, cancellation);

    /// <summary>Deletes a finished row whose record the queue has accepted.</summary>
    public async Task ForgetAsync(string org, RequestRow finished, CancellationToken cancellation)
    {
        using var span = Tracing.Step("ledger forget");
        var operation = new ForgetOperation(finished.Key, finished.ETag!);
        Enqueue(org, operation);
        await operation.Answer.WaitAsync(cancellation);
    }

    /// <summary>Where a caller stands with these limits, read from the store. Takes nothing.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    public async Task<IReadOnlyList<QuotaState>> ReadAsync(string org, IReadOnlyList<BoundLimit> limits, CancellationToken cancellation)
    {
        var rows = await ReadRowsAsync(org, limits.Select(limit => new QuotaKey(limit.Source, limit.Subject)), cancellation);
        var now = clock.GetUtcNow();
        return [.. limits.Select(limit => QuotaState.Of(limit, rows[new QuotaKey(limit.Source, limit.Subject)], now))];
    }

    /// <summary>
    /// The request that used this <c>Idempotency-Key</c> within the last day; null where there is none.
    /// </summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    public async Task<IdempotencyRow?> FindRepeatAsync(string org, IdempotencyKey key, CancellationToken cancellation) =>
        await store.FindRepeatAsync(org, key, cancellation) is { } found && found.Holds(clock.GetUtcNow()) ? found : null;

    /// <summary>Adds a purchase to the org's account, once for its id.</summary>
    /// <returns>The account with it; refused where the id belongs to a purchase of another amount.</returns>
    /// <exception cref="IOException">The store did not answer in time. It may be in or come in yet: send the same
    ///     again.</exception>
    public async Task<Result<AccountState>> TopUpAsync(string org, Purchase purchase, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(purchase.Nanos);
        var operation = new TopUpOperation(purchase);
        Enqueue(org, operation);
        try
        {
            return await operation.Answer.WaitAsync(options.ReserveDeadline, clock, cancellation);
        }
        catch (TimeoutException late)
        {
            throw new IOException("The ledger's store does not answer; the same top-up can be sent again.", late);
        }
    }

    /// <summary>What an org has bought, spent and holds.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    public async Task<AccountState> ReadAccountAsync(string org, CancellationToken cancellation)
    {
        var key = new QuotaKey(Account.Source, Account.Prepaid.Subject);
        return AccountState.Of((await ReadRowsAsync(org, [key], cancellation))[key]);
    }

    /// <summary>All purchases of an org, oldest first.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    public Task<IReadOnlyList<Purchase>> ListPurchasesAsync(string org, CancellationToken cancellation) => store.ListPurchasesAsync(org, cancellation);

    /// <summary>Lets go of the actors that have been idle for long.</summary>
    public void Sweep()
    {
        var now = clock.GetUtcNow();
        foreach (var (org, partition) in _partitions)
        {
            if (partition.TryClose(now))
            {
                _partitions.TryRemove(new KeyValuePair<string, LedgerPartition>(org, partition));
            }
        }
    }

    /// <summary>Admits nothing more, and ends once everything that was begun is written.</summary>
    public async Task DrainAsync(CancellationToken cancellation)
    {
        _closing = true;
        try
        {
            await Task.WhenAll(_partitions.Values.Select(partition => partition.Idle)).WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            LedgerLog.NotDrained(logger, _partitions.Values.Count(partition => !partition.Idle.IsCompleted));
        }
    }

    private LedgerPartition Partition(string org) =>
        _partitions.GetOrAdd(org, static (name, ledger) => ledger.NewPartition(name), this);

    private LedgerPartition NewPartition(string org) => new(org, store, Held, clock, Seed(random), options, logger);

    /// <summary>A source of chance of one's own: they are not made for several threads.</summary>
    private static Random Seed(Random random)
    {
        lock (random)
        {
            return new Random(random.Next());
        }
    }

    private async Task<RequestRow?> SettleAsync(
        string org,
        RequestRow open,
        Func<Func<QuotaKey, QuotaRow>, SettlementAmounts> book,
        Func<SettlementAmounts, ReadOnlyMemory<byte>> record,
        int recordSize,
        IdempotencyRow? once,
        RequestOutcome? outcome,
        CancellationToken cancellation)
    {
        using var span = Tracing.Step("ledger settle");
        // Unique to this call: an owner and a recovery in the same process must not take each other's write for their
        // own.
        var mark = $"{open.RequestId} settled {_identity:x}.{Interlocked.Increment(ref _settles)}";
        var operation = new SettleOperation(open, mark, book, record, recordSize, once, outcome, options);
        Enqueue(org, operation);
        return await operation.Answer.WaitAsync(cancellation);
    }

    private async Task<Dictionary<QuotaKey, QuotaRow>> ReadRowsAsync(string org, IEnumerable<QuotaKey> keys, CancellationToken cancellation) =>
        (await store.ReadQuotasAsync(org, keys.ToHashSet(), cancellation)).ToDictionary(row => row.Key);

    private void Enqueue(string org, LedgerOperation operation)
    {
        LedgerPartition partition;
        while (!(partition = Partition(org)).TryEnqueue(operation))
        {
            _partitions.TryRemove(new KeyValuePair<string, LedgerPartition>(org, partition));
        }
    }
}
