using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.Ledger;

/// <summary>
/// Keeps one partition for each org that has something to do, and what is known of request rows in all of them.
/// </summary>
internal sealed class LedgerPartitions
{
    private readonly ConcurrentDictionary<string, LedgerPartition> _partitions = new(StringComparer.Ordinal);
    private readonly Func<string, LedgerPartition> _create;
    private readonly TimeProvider _clock;
    private readonly LedgerOptions _options;
    private readonly ILogger _logger;

    public LedgerPartitions(
        ILedgerStore store, TimeProvider clock, Random random, LedgerOptions options, ILogger logger)
    {
        (_clock, _options, _logger) = (clock, options, logger);
        SpareRows = new SpareRows(OwnedRows, clock);
        _create = org => new LedgerPartition(org, store, OwnedRows, SpareRows, clock, Seed(random), options, logger);
    }

    /// <summary>The rows that this process answers for.</summary>
    public OwnedRows OwnedRows { get; } = new();

    /// <summary>The rows that the next reservations may be written over.</summary>
    public SpareRows SpareRows { get; }

    /// <summary>Makes a Random for one user alone: it is not made for several threads.</summary>
    public static Random Seed(Random random)
    {
        lock (random)
        {
            return new Random(random.Next());
        }
    }

    /// <summary>Finds an org's partition, which begins with its first use.</summary>
    public LedgerPartition Of(string org) => _partitions.GetOrAdd(org, _create);

    /// <summary>Has an operation done in its turn.</summary>
    public void Enqueue(string org, LedgerOperation operation)
    {
        // A partition that was closed meanwhile is replaced by a new one.
        LedgerPartition partition;
        while (!(partition = Of(org)).TryEnqueue(operation))
        {
            _partitions.TryRemove(new KeyValuePair<string, LedgerPartition>(org, partition));
        }
    }

    /// <summary>
    /// Deletes the rows that nothing was written over, and closes the partitions that are idle for long.
    /// </summary>
    public void Sweep()
    {
        DeleteSpares(_options.SpareFor);
        var now = _clock.GetUtcNow();
        foreach (var (org, partition) in _partitions)
        {
            if (partition.TryClose(now))
            {
                _partitions.TryRemove(new KeyValuePair<string, LedgerPartition>(org, partition));
            }
        }
    }

    /// <summary>Deletes all spare rows, and ends once everything that was begun is written.</summary>
    public async Task DrainAsync(CancellationToken cancellation)
    {
        DeleteSpares(TimeSpan.Zero);
        try
        {
            await Task.WhenAll(_partitions.Values.Select(partition => partition.Idle)).WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            LedgerLog.NotDrained(_logger, _partitions.Values.Count(partition => !partition.Idle.IsCompleted));
        }
    }

    private void DeleteSpares(TimeSpan age)
    {
        foreach (var (org, row) in SpareRows.TakeOlderThan(age))
        {
            Enqueue(org, new ForgetOperation(row.Key, row.ETag));
            OwnedRows.Release(org, row.Key);
        }
    }
}
