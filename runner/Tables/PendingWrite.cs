namespace Freeway.EmbeddedTables;

/// <summary>One write on its way to the file.</summary>
internal sealed class PendingWrite(
    TableChange change, string table, IReadOnlyList<TableAction> actions, bool isTransaction)
{
    private readonly TaskCompletionSource<TableResponse> _done = new(
        TaskCreationOptions.RunContinuationsAsynchronously);

    public TableChange Change { get; } = change;

    public string Table { get; } = table;

    public IReadOnlyList<TableAction> Actions { get; } = actions;

    public bool IsTransaction { get; } = isTransaction;

    /// <summary>
    /// Gets or sets the response that the writer has decided on; it holds once the group is committed.
    /// </summary>
    public TableResponse? Response { get; set; }

    public Task<TableResponse> Outcome => _done.Task;

    public void Complete() => _done.SetResult(Response!);
}

/// <summary>Names what a write does to its table.</summary>
internal enum TableChange
{
    /// <summary>Changes entities in it.</summary>
    Entities,

    /// <summary>Makes it.</summary>
    Create,

    /// <summary>Takes it away with all its entities.</summary>
    Drop,
}
