using Freeway.Gateway.Core;
using Freeway.Gateway.Plans;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.Ledger;

/// <summary>
/// Reserves, settles and forgets, strictly: what a limit allows is never exceeded by one, however many instances race,
/// and an admitted request and its record exist together or not at all. See docs/decisions/ledger.md.
/// </summary>
public sealed class RequestLedger(
    ILedgerStore store,
    InstanceLease lease,
    TimeProvider clock,
    Random random,
    LedgerOptions options,
    ILogger<RequestLedger> logger)
{
    /// <summary>
    /// A record's usual size in bytes. Where many are larger the store says so, and a batch is halved.
    /// </summary>
    private const int UsualRecord = 4096;

    private readonly LedgerPartitions _partitions = new(store, clock, random, options, logger);
    private readonly long _identity = LedgerPartitions.Seed(random).NextInt64();
    private long _settles;
    private volatile bool _isClosing;

    /// <summary>
    /// The rows that this process answers for. Whoever gets a reservation releases its row in the end.
    /// </summary>
    public OwnedRows OwnedRows => _partitions.OwnedRows;

    /// <summary>Takes from every limit, or from none. A known refusal costs no storage operation.</summary>
    /// <param name="claims">At least one, of different limits.</param>
    /// <param name="draft">
    /// The activity record as far as it is known: what recovery finishes if this process dies.
    /// </param>
    /// <param name="idempotency">
    /// The row of a request with an <c>Idempotency-Key</c>: where another request has used the key within a day, this
    /// one is refused as its repeat.
    /// </param>
    /// <param name="replaced">
    /// The finished row of an earlier reservation of the same request, whose record was not sent: this reservation
    /// replaces it, and takes its outcome back.
    /// </param>
    /// <param name="within">How much of the reserve deadline the request has left; null for all of it.</param>
    public async Task<Result<Reservation>> ReserveAsync(
        string org,
        string requestId,
        IReadOnlyList<Claim> claims,
        ReadOnlyMemory<byte> draft,
        CancellationToken cancellation,
        IdempotencyRow? idempotency = null,
        RequestRow? replaced = null,
        TimeSpan? within = null,
        SizedClaims? smaller = null)
    {
        if (_isClosing)
        {
            return Refuse.ShuttingDown();
        }

        if (_partitions.Of(org).TryRefuse(claims, smaller) is { } known)
        {
            return known;
        }

        using var span = Tracing.Step("ledger reserve");
        var longest = within < options.ReserveDeadline ? within.Value : options.ReserveDeadline;
        var began = clock.GetTimestamp();
        ReserveOperation operation;
        SpareRow? spare;
        try
        {
            spare = _partitions.SpareRows.Take(org, lease);
            var row = spare?.Key ?? await NextRowAsync(org, longest, cancellation);
            var own = idempotency is null
                ? null
                : idempotency with { RequestId = requestId, Outcome = null, ETag = null };
            operation = new ReserveOperation(
                org, row, requestId, requestId, claims, smaller, draft, own, replaced, spare, lease, options);
        }
        catch (IOException)
        {
            return Refuse.QuotaUnavailable();
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Refuse.QuotaUnavailable();
        }

        _partitions.Enqueue(org, operation);
        if (spare is not null)
        {
            OwnedRows.Release(org, spare.Key); // the operation answers for the row now
        }

        try
        {
            var left = longest - clock.GetElapsedTime(began);
            return await operation.Answer.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, clock, cancellation);
        }
        catch (Exception ended) when (ended is TimeoutException or OperationCanceledException)
        {
            if (!operation.TryAbandon(out var nothingSent))
            {
                return await operation.Answer.WaitAsync();
            }

            cancellation.ThrowIfCancellationRequested();

            // What was sent is found and given back; should this process die before that, recovery books it.
            return nothingSent
                ? Refuse.QuotaUnavailable()
                : Refuse.OutcomeUnknown(requestId);
        }
    }

    /// <summary>
    /// Refuses from memory what <see cref="ReserveAsync"/> would refuse from memory, before anything is made ready for
    /// it; null where it has to be asked.
    /// </summary>
    public Refusal? TryRefuse(string org, IReadOnlyList<Claim> claims, SizedClaims? smaller = null) =>
        _partitions.Of(org).TryRefuse(claims, smaller);

    /// <summary>Tells whether a reservation would be refused from memory.</summary>
    public bool IsKnownSpent(string org, IReadOnlyList<Claim> claims) => TryRefuse(org, claims) is not null;

    /// <summary>Says what these claims would get now, read from the store. Takes nothing.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    public async Task<Result<Allocation>> CheckAsync(
        string org, IReadOnlyList<Claim> claims, CancellationToken cancellation, SizedClaims? smaller = null)
    {
        var rows = await ReadRowsAsync(org, claims.Select(claim => claim.Quota), cancellation);
        var now = clock.GetUtcNow();
        var allocation = Allocation.Largest(claims, smaller, key => rows[key], now);
        return allocation.Shortages is [] ? allocation : QuotaRefusal.Of(allocation, allocation.Shortages, now);
    }

    /// <summary>
    /// Replaces what the request held by what it used, in the windows in which it was admitted, and keeps the finished
    /// record. What gifts cover and what is charged is decided with the rows as they are then, see
    /// <see cref="SettlementCalculator"/>.
    /// </summary>
    /// <param name="used">What was used, in the order and of the limits of the reservation's claims.</param>
    /// <param name="record">
    /// Makes the record. Called for each attempt; the record that counts is the returned row's.
    /// </param>
    /// <param name="outcome">
    /// What repeats with the <c>Idempotency-Key</c> get; null lets the request be sent again.
    /// </param>
    /// <param name="cancellation">Ends the wait, not the work.</param>
    /// <returns>The finished row; null where recovery has taken the request and booked it as aborted.</returns>
    public Task<RequestRow?> SettleAsync(
        Reservation reservation,
        IReadOnlyList<Claim> used,
        Func<SettlementAmounts, ReadOnlyMemory<byte>> record,
        RequestOutcome? outcome,
        CancellationToken cancellation)
    {
        if (!used.Select(use => use.Quota).SequenceEqual(reservation.Holds.Select(hold => hold.Quota)))
        {
            throw new ArgumentException(
                "What was used must be of the limits that were taken from, in their order.", nameof(used));
        }

        return SettleAsync(
            reservation.Org,
            reservation.Open,
            rows => SettlementCalculator.Of(used, reservation.Holds, rows),
            record,
            UsualRecord,
            reservation.Idempotency,
            outcome,
            cancellation);
    }

    /// <summary>
    /// Settles an open row that another instance left behind, at amounts that are certain. The record is made once it
    /// is certain what is booked.
    /// </summary>
    /// <param name="recordSize">In bytes, roughly.</param>
    public Task<RequestRow?> SettleAsync(
        string org,
        RequestRow open,
        IReadOnlyList<long> used,
        Func<SettlementAmounts, ReadOnlyMemory<byte>> record,
        int recordSize,
        RequestOutcome? outcome,
        CancellationToken cancellation) =>
        SettleAsync(
            org, open, _ => new SettlementAmounts(0, 0, used), record, recordSize, null, outcome, cancellation);

    /// <summary>
    /// Lets the next reservation be written over a finished row whose record the queue has accepted. No one else may
    /// have sent it.
    /// </summary>
    /// <returns>False where no reservation may be written over it any more: it has to be forgotten.</returns>
    public bool TryReuse(string org, RequestRow finished)
    {
        if (_isClosing || !lease.Covers(finished.Key))
        {
            return false;
        }

        _partitions.SpareRows.Add(org, finished.Key, finished.ETag!);
        return true;
    }

    /// <summary>Tells whether the row waits to be written over: its record has been sent.</summary>
    public bool IsSpare(string org, RequestKey row) => _partitions.SpareRows.Contains(org, row);

    /// <summary>Deletes a finished request row whose record the queue has accepted.</summary>
    public async Task ForgetAsync(string org, RequestRow finished, CancellationToken cancellation)
    {
        using var span = Tracing.Step("ledger forget");
        var operation = new ForgetOperation(finished.Key, finished.ETag!);
        _partitions.Enqueue(org, operation);
        await operation.Answer.WaitAsync(cancellation);
    }

    /// <summary>Reads the state of these limits from the store. Takes nothing.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    public async Task<IReadOnlyList<QuotaState>> ReadAsync(
        string org, IReadOnlyList<BoundLimit> limits, CancellationToken cancellation)
    {
        var keys = limits.Select(limit => new QuotaKey(limit.Source, limit.Subject)).ToList();
        var rows = await ReadRowsAsync(org, keys, cancellation);
        var now = clock.GetUtcNow();
        return [.. limits.Zip(keys, (limit, key) => QuotaState.Of(limit, rows[key], now))];
    }

    /// <summary>
    /// Finds the request that used this <c>Idempotency-Key</c> within the last day; null where there is none.
    /// </summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    public async Task<IdempotencyRow?> FindIdempotencyRowAsync(
        string org, IdempotencyKey key, CancellationToken cancellation)
    {
        var found = await store.FindIdempotencyRowAsync(org, key, cancellation);
        return found?.IsCurrent(clock.GetUtcNow()) is true ? found : null;
    }

    /// <summary>Adds a purchase to the org's account, once for its id.</summary>
    /// <returns>The account with it; refused where the id belongs to a purchase of another amount.</returns>
    /// <exception cref="IOException">
    /// The store did not answer in time. The purchase may be added yet: send it again.
    /// </exception>
    public async Task<Result<AccountState>> TopUpAsync(string org, Purchase purchase, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(purchase.Nanos);
        var operation = new TopUpOperation(purchase);
        _partitions.Enqueue(org, operation);
        try
        {
            return await operation.Answer.WaitAsync(options.ReserveDeadline, clock, cancellation);
        }
        catch (TimeoutException late)
        {
            throw new IOException("The ledger's store does not answer; the same top-up can be sent again.", late);
        }
    }

    /// <summary>Reads what an org has bought, spent and holds.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    public async Task<AccountState> ReadAccountAsync(string org, CancellationToken cancellation)
    {
        var key = new QuotaKey(Account.Source, Account.Prepaid.Subject);
        var rows = await ReadRowsAsync(org, [key], cancellation);
        return AccountState.Of(rows[key]);
    }

    /// <summary>Reads all purchases of an org, oldest first.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    public Task<IReadOnlyList<Purchase>> ListPurchasesAsync(string org, CancellationToken cancellation) =>
        store.ListPurchasesAsync(org, cancellation);

    /// <summary>
    /// Deletes the rows that nothing was written over, and closes the partitions that are idle for long.
    /// </summary>
    public void Sweep() => _partitions.Sweep();

    /// <summary>Admits nothing more, and ends once everything that was begun is written.</summary>
    public Task DrainAsync(CancellationToken cancellation)
    {
        _isClosing = true;
        return _partitions.DrainAsync(cancellation);
    }

    private async Task<RequestKey> NextRowAsync(string org, TimeSpan longest, CancellationToken cancellation)
    {
        using var limit = new TimeLimit(longest, clock, cancellation);
        return await lease.NextAsync(org, limit.Token);
    }

    private async Task<RequestRow?> SettleAsync(
        string org,
        RequestRow open,
        Func<Func<QuotaKey, QuotaRow>, SettlementAmounts> book,
        Func<SettlementAmounts, ReadOnlyMemory<byte>> record,
        int recordSize,
        IdempotencyRow? idempotency,
        RequestOutcome? outcome,
        CancellationToken cancellation)
    {
        using var span = Tracing.Step("ledger settle");

        // Unique to this call: an owner and a recovery in the same process must not take each other's write for their
        // own.
        var mark = $"{open.RequestId} settled {_identity:x}.{Interlocked.Increment(ref _settles)}";
        var operation = new SettleOperation(open, mark, book, record, recordSize, idempotency, outcome, options);
        _partitions.Enqueue(org, operation);
        return await operation.Answer.WaitAsync(cancellation);
    }

    private async Task<Dictionary<QuotaKey, QuotaRow>> ReadRowsAsync(
        string org, IEnumerable<QuotaKey> keys, CancellationToken cancellation)
    {
        var rows = await store.ReadQuotasAsync(org, keys.ToHashSet(), cancellation);
        return rows.ToDictionary(row => row.Key);
    }
}
