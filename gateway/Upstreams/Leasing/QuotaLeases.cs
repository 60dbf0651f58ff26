using System.Collections.Concurrent;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.Upstreams.Leasing;

/// <summary>
/// Counts what each upstream key may still be asked for. Attempts take from blocks that this instance has leased from
/// the ledger, so that most cost no storage operation, and all instances together never exceed a limit by one. Outage
/// stance: where the ledger does not answer, an upstream with limits is not called.
/// </summary>
public sealed class QuotaLeases(
    ILedgerStore store, TimeProvider clock, Random random, QuotaLeaseOptions options, ILogger<QuotaLeases> logger)
{
    private readonly ConcurrentDictionary<UpstreamKeyId, QuotaLeasePartition> _partitions = [];
    private volatile bool _isClosing;

    /// <summary>Takes from every limit or from none.</summary>
    /// <param name="claims">Of different limits. A claim of nothing is not held back by its limit.</param>
    /// <exception cref="OperationCanceledException">The caller has left; nothing is taken.</exception>
    public async Task<QuotaLeaseResult> TakeAsync(
        UpstreamKeyId key, IReadOnlyList<Claim> claims, CancellationToken cancellation)
    {
        if (_isClosing)
        {
            return new QuotaLeaseShortage(null, clock.GetUtcNow() + options.ShortFor);
        }

        return await PartitionOf(key).TakeAsync(WithAmounts(claims), cancellation);
    }

    /// <summary>
    /// The limit by which an attempt would be refused, as far as that is known without asking the ledger; null where
    /// the attempt may get through.
    /// </summary>
    public QuotaLeaseShortage? KnownShortage(UpstreamKeyId key, IReadOnlyList<Claim> claims) =>
        PartitionOf(key).KnownShortage(WithAmounts(claims));

    /// <summary>
    /// Reports what is left of some limits of an upstream's key, as far as this instance knows, without a storage
    /// operation.
    /// </summary>
    public IReadOnlyList<QuotaLeaseStatus> StatusOf(UpstreamKeyId key, IReadOnlyList<BoundLimit> limits) =>
        PartitionOf(key).StatusOf(limits);

    /// <summary>Follows what an upstream's answer says is left: the count goes down by it, never up.</summary>
    public void Correct(
        UpstreamKeyId key, IReadOnlyList<BoundLimit> limits, IReadOnlyList<RateLimitObservation> observations)
    {
        if (observations.Count > 0)
        {
            PartitionOf(key).Correct(limits, observations);
        }
    }

    /// <summary>Gives back what nobody has taken from for a while.</summary>
    public Task SweepAsync() => Task.WhenAll(InOrder().Select(partition => partition.GiveBackAsync(all: false)));

    /// <summary>Grants nothing more and gives everything back.</summary>
    public Task DrainAsync(CancellationToken cancellation)
    {
        _isClosing = true;
        var returning = InOrder().Select(partition => partition.GiveBackAsync(all: true));
        return Task.WhenAll(returning).WaitAsync(cancellation);
    }

    private static Claim[] WithAmounts(IReadOnlyList<Claim> claims) => [.. claims.Where(claim => claim.Amount > 0)];

    /// <summary>
    /// All partitions in an order of their own: a dictionary's would be another in each process, and no seed could be
    /// run again.
    /// </summary>
    private IEnumerable<QuotaLeasePartition> InOrder() =>
        _partitions.OrderBy(pair => pair.Key.Value, StringComparer.Ordinal).Select(pair => pair.Value);

    private QuotaLeasePartition PartitionOf(UpstreamKeyId key) =>
        _partitions.GetOrAdd(key, static (key, leases) => leases.CreatePartition(key), this);

    private QuotaLeasePartition CreatePartition(UpstreamKeyId key)
    {
        // A Random is not made for several threads: each partition has its own, drawn from the shared one.
        lock (random)
        {
            return new(key, store, clock, new Random(random.Next()), options, logger);
        }
    }
}
