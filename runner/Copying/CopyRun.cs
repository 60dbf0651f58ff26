using System.Globalization;
using Freeway.Adapters.Tables;
using Freeway.Runner.Broker;
using Freeway.Runner.Local;

namespace Freeway.Runner.Copying;

/// <summary>One run of the command: checks both ends, then copies table by table.</summary>
internal sealed class CopyRun(string from, string to, bool resume, Action<string> tell)
{
    private TableCopy? _copy;

    /// <summary>Gets the number of entities written so far, also after a failure.</summary>
    public long Copied => _copy?.Copied ?? 0;

    public async Task CopyAsync(CancellationToken cancellation)
    {
        var settings = HostSettings.Read(LocalSettings.Read());
        var names = TableNames.From(settings);
        using var source = TableEnd.Open(from, settings, isSource: true);
        if (source.Folder is { } folder)
        {
            await RequireEmptyQueueAsync(DataFolder.BrokerOf(folder));
        }

        using var target = TableEnd.Open(to, settings, isSource: false);
        await source.RequireQuietAsync(names, TimeProvider.System.GetUtcNow(), cancellation);
        var copy = _copy = new TableCopy(source.Client, target.Client, names);
        if (!resume)
        {
            await copy.RequireEmptyTargetAsync(cancellation);
        }

        var there = 0L;
        foreach (var table in copy.Tables)
        {
            var (copied, before) = await copy.CopyAsync(table, cancellation);
            there += before;
            tell($"{table}: {Entities(copied)} copied{(before > 0 ? $", {before} there already" : "")}");
        }

        tell($"copied: {Entities(copy.Copied)} in {copy.Tables.Count} tables"
            + $"{(there > 0 ? $", {there} there already" : "")}; both sides compared and equal");
    }

    public static string Entities(long count) => string.Create(
        CultureInfo.InvariantCulture, $"{count} {(count is 1 ? "entity" : "entities")}");

    /// <summary>
    /// The ledger has let go of a record that the broker took: left behind, the activity log would lack it.
    /// </summary>
    private async Task RequireEmptyQueueAsync(string folder)
    {
        var (waiting, dead) = await ServiceBusBroker.LeftInAsync(folder, TimeProvider.System);
        if (waiting > 0)
        {
            throw new LocalSetupException(
                $"{Records(waiting)} in the queue of {folder}: start Freeway on the folder, let it run for a minute, stop it "
                + "and copy then.");
        }

        if (dead > 0)
        {
            tell($"{Records(dead)} among the dead letters of {folder} and stay there");
        }
    }

    private static string Records(int count) => count is 1 ? "1 record waits" : $"{count} records wait";
}
