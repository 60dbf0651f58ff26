using System.Collections.Concurrent;
using Freeway.Gateway.Policies;
using Freeway.Gateway.Refusals;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.Ledger;

/// <summary>
/// Reserves, settles and forgets, strictly: what a limit allows is never exceeded by one, however many instances race,
/// and an admitted request and its record exist together or not at all. See docs/decisions/ledger.md.
/// </summary>
public sealed class RequestLedger(
    ILedgerStore store, InstanceLease lease, TimeProvider clock, Random random, LedgerOptions options, ILogger<RequestLedger> logger)
{
    private readonly ConcurrentDictionary<string, LedgerPartition> _partitions = new(StringComparer.Ordinal);
    private readonly long _identity = Seed(random).NextInt64();
    private long _settles;
    private volatile bool _closing;

    /// <summary>Takes from every limit, or from none. A known refusal costs no storage operation.</summary>
    /// <param name="takes">At least one, of different limits.</param>
    /// <param name="draft">The activity record as far as it is known: what recovery finishes if this process dies.</param>
    public async Task<Decision<Reservation>> ReserveAsync(
        string org, string requestId, IReadOnlyList<Take> takes, ReadOnlyMemory<byte> draft, CancellationToken cancellation)
    {
        if (_closing)
        {
            return Refuse.ShuttingDown();
        }

        if (Partition(org).TryRefuse(takes) is { } known)
        {
            return known;
        }

        using var deadline = new CancellationTokenSource(options.ReserveDeadline, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        ReserveOperation operation;
        try
        {
            var row = await lease.NextAsync(org, either.Token).ConfigureAwait(false);
            operation = new ReserveOperation(org, row, requestId, requestId, takes, draft, lease, options);
        }
        catch (Exception outage) when (outage is IOException || (outage is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return ReserveOperation.Unavailable();
        }

        Enqueue(org, operation);
        try
        {
            return await operation.Answer.WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            if (!operation.TryAbandon())
            {
                return await operation.Answer.ConfigureAwait(false);
            }

            cancellation.ThrowIfCancellationRequested();
            return ReserveOperation.Unavailable();
        }
    }

    /// <summary>True where a reservation would be refused from memory.</summary>
    public bool IsKnownSpent(string org, IReadOnlyList<Take> takes) => Partition(org).TryRefuse(takes) is not null;

    /// <summary>Replaces what the request held by what it used, in the windows in which it was admitted, and keeps the finished record.</summary>
    /// <param name="used">Per hold of the reservation, in order.</param>
    /// <param name="cancellation">Ends the wait, not the work.</param>
    /// <returns>The finished row; null where recovery has taken the request and booked it as aborted.</returns>
    public Task<RequestRow?> SettleAsync(Reservation reservation, IReadOnlyList<long> used, ReadOnlyMemory<byte> record, CancellationToken cancellation) =>
        SettleAsync(
            reservation.Org,
            new RequestRow(reservation.Row, "", true, reservation.RequestId, reservation.Holds, default, reservation.ETag),
            used,
            record,
            cancellation);

    /// <summary>The same for an open row that another instance left behind.</summary>
    public async Task<RequestRow?> SettleAsync(
        string org, RequestRow open, IReadOnlyList<long> used, ReadOnlyMemory<byte> record, CancellationToken cancellation)
    {
        // Unique to this call: an owner and a recovery in the same process must not take each other's write for their own.
        var mark = $"{open.RequestId} settled {_identity:x}.{Interlocked.Increment(ref _settles)}";
        var operation = new SettleOperation(open, mark, used, record);
        Enqueue(org, operation);
        return await operation.Answer.WaitAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Deletes a finished row whose record the queue has accepted.</summary>
    public async Task ForgetAsync(string org, RequestRow finished, CancellationToken cancellation)
    {
        var operation = new ForgetOperation(finished.Key, finished.ETag!);
        Enqueue(org, operation);
        await operation.Answer.WaitAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Where a caller stands with these limits, read from the store. Takes nothing.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    public async Task<IReadOnlyList<QuotaState>> ReadAsync(string org, IReadOnlyList<BoundLimit> limits, CancellationToken cancellation)
    {
        var keys = limits.Select(limit => new QuotaKey(limit.Source, limit.Subject)).ToHashSet();
        var rows = (await store.ReadQuotasAsync(org, keys, cancellation).ConfigureAwait(false)).ToDictionary(row => row.Key);
        var now = clock.GetUtcNow();
        return [.. limits.Select(limit => QuotaState.Of(limit, rows[new QuotaKey(limit.Source, limit.Subject)], now))];
    }

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
            await Task.WhenAll(_partitions.Values.Select(partition => partition.Idle)).WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            LedgerLog.NotDrained(logger, _partitions.Values.Count(partition => !partition.Idle.IsCompleted));
        }
    }

    private LedgerPartition Partition(string org) =>
        _partitions.GetOrAdd(org, static (name, ledger) => ledger.NewPartition(name), this);

    private LedgerPartition NewPartition(string org) => new(org, store, clock, Seed(random), options, logger);

    /// <summary>A source of chance of one's own: they are not made for several threads.</summary>
    private static Random Seed(Random random)
    {
        lock (random)
        {
            return new Random(random.Next());
        }
    }

    private void Enqueue(string org, LedgerOperation operation)
    {
        LedgerPartition partition;
        while (!(partition = Partition(org)).TryEnqueue(operation))
        {
            _partitions.TryRemove(new KeyValuePair<string, LedgerPartition>(org, partition));
        }
    }
}
