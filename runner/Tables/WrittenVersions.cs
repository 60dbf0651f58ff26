namespace Freeway.EmbeddedTables;

/// <summary>
/// Remembers the versions of the entities that were written last: what is changed often, e.g. the rows of a ledger, is
/// then judged without looking into the file. Nobody but the writer writes there. It belongs to the writer's thread.
/// </summary>
internal sealed class WrittenVersions
{
    /// <summary>About 1 MB. Beyond so many all are forgotten, and looked up again when they are written next.</summary>
    private const int Most = 4096;

    private readonly Dictionary<(long Table, string Partition, string Row), long> _versions = new(Most);

    /// <returns>False where the version has to be looked up, or there is no such entity.</returns>
    public bool TryGet(long table, TableAction action, out long version) =>
        _versions.TryGetValue((table, action.PartitionKey, action.RowKey), out version);

    public void Set(long table, TableAction action, long version)
    {
        if (_versions.Count >= Most)
        {
            _versions.Clear();
        }

        _versions[(table, action.PartitionKey, action.RowKey)] = version;
    }

    public void Remove(long table, TableAction action) =>
        _versions.Remove((table, action.PartitionKey, action.RowKey));

    /// <summary>Forgets all: what was written is not in the file, or a table is gone.</summary>
    public void Clear() => _versions.Clear();
}
