using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Freeway.Adapters.Tables;
using Freeway.Runner.Local;

namespace Freeway.Runner.Copying;

/// <summary>
/// Copies the tables of a deployment from one store to another. A copy that was cut off goes on where it stopped: what
/// the target has must be what the source has, and only the rest is written.
/// </summary>
internal sealed class TableCopy(TableServiceClient source, TableServiceClient target, TableNames names)
{
    /// <summary>Transactions under way at once: most partitions are small, and an account is far away.</summary>
    private const int AtOnce = 16;

    /// <summary>
    /// The keys come last: until they are there, nobody can call a Freeway that was started on half a copy.
    /// </summary>
    private readonly string[] _tables =
    [
        names.Instances, names.Ledger, names.Activity, names.Usage, names.Resets, names.Notices, names.Catalogue,
        names.Keys,
    ];

    private long _copied;

    /// <summary>Gets the number of entities written so far, also after a failure.</summary>
    public long Copied => Interlocked.Read(ref _copied);

    /// <summary>Gets the names of the tables, in the order in which they are copied.</summary>
    public IReadOnlyList<string> Tables => _tables;

    /// <summary>Refuses a target that holds anything.</summary>
    /// <exception cref="LocalSetupException">A table of the target has entities.</exception>
    public async Task RequireEmptyTargetAsync(CancellationToken cancellation)
    {
        foreach (var table in _tables)
        {
            if (await RowsAsync(target.GetTableClient(table), filter: null, cancellation).AnyAsync(cancellation))
            {
                throw new LocalSetupException(
                    $"The target is not empty, its table {table} has entities: name an empty target, or give --resume to "
                    + "go on with a copy of this source that was cut off.");
            }
        }
    }

    /// <summary>Copies one table, then reads both sides again and compares them.</summary>
    /// <returns>The number of entities written, and of those that were there already.</returns>
    /// <exception cref="LocalSetupException">The target has what the source does not have.</exception>
    /// <exception cref="RequestFailedException">A store refused or did not answer.</exception>
    public async Task<(long Copied, long There)> CopyAsync(string table, CancellationToken cancellation)
    {
        await target.CreateTableIfNotExistsAsync(table, cancellation);
        var before = Copied;
        var client = target.GetTableClient(table);
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(
            Transactions(MissingAsync(table, cancellation)),
            options,
            async (actions, stop) =>
            {
                // Nobody else writes here, so a repeat after a lost answer may write the same once more.
                await client.SubmitTransactionAsync(actions, stop);
                Interlocked.Add(ref _copied, actions.Count);
            });

        if (await MissingAsync(table, cancellation).FirstOrDefaultAsync(cancellation) is { } lost)
        {
            throw new LocalSetupException($"The copy of {table} lacks the entity {Name(lost)}: who else writes there?");
        }

        var all = await RowsAsync(client, filter: null, cancellation).LongCountAsync(cancellation);
        return (Copied - before, all - (Copied - before));
    }

    /// <summary>
    /// Finds what the source has and the target does not: both list their entities by partition and row key, in the
    /// order of UTF-16 code units, so one walk along both is enough.
    /// </summary>
    private async IAsyncEnumerable<TableEntity> MissingAsync(
        string table, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var there = RowsAsync(target.GetTableClient(table), filter: null, cancellation).GetAsyncEnumerator(cancellation);
        var isThere = await there.MoveNextAsync();
        await foreach (var row in RowsAsync(source.GetTableClient(table), filter: null, cancellation))
        {
            var order = isThere ? Compare(there.Current, row) : 1;
            if (order < 0)
            {
                throw Foreign(table, there.Current);
            }

            if (order > 0)
            {
                yield return row;
                continue;
            }

            if (!AreEqual(there.Current, row))
            {
                throw Foreign(table, there.Current);
            }

            isThere = await there.MoveNextAsync();
        }

        if (isThere)
        {
            throw Foreign(table, there.Current);
        }
    }

    private static async IAsyncEnumerable<IReadOnlyList<TableTransactionAction>> Transactions(
        IAsyncEnumerable<TableEntity> rows)
    {
        var batch = new TransactionBatch();
        await foreach (var row in rows)
        {
            if (!batch.Takes(row))
            {
                yield return batch.Actions;
                batch = new TransactionBatch();
            }

            batch.Add(row);
        }

        if (batch.Actions.Count > 0)
        {
            yield return batch.Actions;
        }
    }

    /// <summary>Lists a table; one that is not there is empty.</summary>
    public static async IAsyncEnumerable<TableEntity> RowsAsync(
        TableClient table, string? filter, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var rows = table.QueryAsync<TableEntity>(filter, cancellationToken: cancellation)
            .GetAsyncEnumerator(cancellation);
        while (true)
        {
            try
            {
                if (!await rows.MoveNextAsync())
                {
                    yield break;
                }
            }
            catch (RequestFailedException missing) when (missing.ErrorCode is "TableNotFound")
            {
                yield break;
            }

            yield return Own(rows.Current);
        }
    }

    /// <summary>The entity without what the store adds: timestamp and ETag are the target's own.</summary>
    private static TableEntity Own(TableEntity row)
    {
        var own = new TableEntity(row.PartitionKey, row.RowKey);
        foreach (var (name, value) in row)
        {
            var isSystem = name is nameof(ITableEntity.Timestamp) || name.StartsWith("odata.", StringComparison.Ordinal);
            if (!isSystem)
            {
                own[name] = value;
            }
        }

        return own;
    }

    private static int Compare(TableEntity one, TableEntity other) =>
        string.CompareOrdinal(one.PartitionKey, other.PartitionKey) is not 0 and var byPartition
            ? byPartition
            : string.CompareOrdinal(one.RowKey, other.RowKey);

    private static bool AreEqual(TableEntity one, TableEntity other) =>
        one.Count == other.Count
        && one.All(property => other.TryGetValue(property.Key, out var value) && AreEqual(property.Value, value));

    private static bool AreEqual(object? one, object? other) => (one, other) switch
    {
        (byte[] bytes, byte[] others) => bytes.AsSpan().SequenceEqual(others),
        _ => Equals(one, other),
    };

    private static LocalSetupException Foreign(string table, TableEntity row) => new(
        $"The target's table {table} has the entity {Name(row)}, which the source has not or has otherwise: it is no part "
        + "of a copy of this source. Name an empty target.");

    private static string Name(TableEntity row) => $"'{row.PartitionKey}', '{row.RowKey}'";

    /// <summary>The entities of one transaction: of one partition, within the service's bounds.</summary>
    private sealed class TransactionBatch
    {
        private const int MostActions = 100;

        /// <summary>The service takes 4 MiB with the headers of each part.</summary>
        private const int MostBytes = 3 * 1024 * 1024;

        /// <summary>A UTF-16 code unit that JSON escapes takes as many bytes.</summary>
        private const int MostBytesOfUnit = 6;

        private long _bytes;

        public List<TableTransactionAction> Actions { get; } = [];

        /// <summary>Tells whether the entity fits beside those that are here; an empty batch takes any.</summary>
        public bool Takes(TableEntity row) =>
            Actions.Count is 0
            || (Actions.Count < MostActions
                && Actions[0].Entity.PartitionKey == row.PartitionKey
                && _bytes + Bytes(row) <= MostBytes);

        public void Add(TableEntity row)
        {
            Actions.Add(new TableTransactionAction(TableTransactionActionType.UpsertReplace, row));
            _bytes += Bytes(row);
        }

        private static long Bytes(TableEntity row) => 1000 + row.Sum(property => 60L + property.Key.Length + Bytes(property.Value));

        private static long Bytes(object? value) => value switch
        {
            string text => (long)MostBytesOfUnit * text.Length,
            byte[] bytes => bytes.Length * 4L / 3,
            _ => 40,
        };
    }
}
