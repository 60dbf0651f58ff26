using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.Upstreams.Leasing;

/// <summary>
/// The upstream ledger: what each upstream key may still be asked for. Attempts take from blocks that this instance has
/// leased from the ledger, so that most cost no storage operation, and all instances together never exceed a limit by
/// one. Outage stance: where the ledger does not answer, an upstream with limits is not called.
/// </summary>
public sealed class QuotaLeases(ILedgerStore store, TimeProvider clock, Random random, QuotaLeaseOptions options, ILogger<QuotaLeases> logger)
{
    private readonly ConcurrentDictionary<string, QuotaLeasePartition> _partitions = new(StringComparer.Ordinal);
    private volatile bool _closing;

    /// <summary>
    /// The ledger partition of an upstream's key: limits are the key's, so a new key begins anew. No org may have this
    /// name: its id must have no vertical bar.
    /// </summary>
    public static string PartitionOf(string upstream, string? key) =>
        $"upstream|{upstream}|{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key ?? "")))[..16]}";

    /// <summary>
    /// The ledger partition of an account whose keys share its limits. No key's own partition has this name: it would
    /// end with a hash.
    /// </summary>
    public static string PartitionOfAccount(string account) => $"upstream|{account}|account";

    /// <summary>The same at one address. The address itself may hold a secret, and is not in it.</summary>
    public static string PlaceOf(string upstream, string? key, Uri address) =>
        $"{PartitionOf(upstream, key)}|{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(address.AbsoluteUri)))[..8]}";

    /// <summary>Takes from every limit or from none.</summary>
    /// <param name="takes">Of different limits; what wants nothing of a limit is not held back by it.</param>
    /// <exception cref="OperationCanceledException">The caller has left; nothing is taken.</exception>
    public async Task<QuotaLeaseResult> TakeAsync(string partition, IReadOnlyList<Claim> takes, CancellationToken cancellation)
    {
        if (_closing)
        {
            return new QuotaLeaseShortage(null, clock.GetUtcNow() + options.ShortFor);
        }

        return await Partition(partition).TakeAsync([.. takes.Where(take => take.Amount > 0)], cancellation);
    }

    /// <summary>
    /// Why an attempt would get nothing, as far as that is known without asking the ledger; null where it is worth a
    /// try.
    /// </summary>
    public QuotaLeaseShortage? KnownShortage(string partition, IReadOnlyList<Claim> takes) =>
        Partition(partition).KnownShortage([.. takes.Where(take => take.Amount > 0)]);

    /// <summary>What is left of these limits, as this instance knows it. No storage operation.</summary>
    public IReadOnlyList<QuotaLeaseStatus> Standing(string partition, IReadOnlyList<BoundLimit> limits) => Partition(partition).Standing(limits);

    /// <summary>An answer told what is left: our count follows it down, never up.</summary>
    public void Correct(string partition, IReadOnlyList<BoundLimit> limits, IReadOnlyList<RateLimitObservation> sightings)
    {
        if (sightings.Count > 0)
        {
            Partition(partition).Correct(limits, sightings);
        }
    }

    /// <summary>Gives back what nobody has taken from for a while.</summary>
    public Task SweepAsync() => Task.WhenAll(_partitions.Values.Select(partition => partition.GiveBackAsync(all: false)));

    /// <summary>Grants nothing more and gives everything back.</summary>
    public Task DrainAsync(CancellationToken cancellation)
    {
        _closing = true;
        return Task.WhenAll(_partitions.Values.Select(partition => partition.GiveBackAsync(all: true))).WaitAsync(cancellation);
    }

    private QuotaLeasePartition Partition(string name) => _partitions.GetOrAdd(name, static (name, all) => all.New(name), this);

    private QuotaLeasePartition New(string name)
    {
        lock (random)
        {
            return new(name, store, clock, new Random(random.Next()), options, logger);
        }
    }
}

/// <summary>Where an upstream's key stands with one of its limits, as this instance knows it.</summary>
/// <param name="Remaining">This instance's block and what it last saw in the ledger.</param>
/// <param name="ResetsAt">Null for what never comes again, and for requests at once.</param>
public sealed record QuotaLeaseStatus(Limit Limit, long Remaining, DateTimeOffset? ResetsAt);
