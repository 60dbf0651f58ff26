using System.Collections.Concurrent;
using Azure.Core.Pipeline;
using Azure.Data.Tables;

namespace Freeway.EmbeddedTables;

/// <summary>
/// Tables in one SQLite file of this process, behind the clients of Azure's SDK: what is written for Table Storage runs
/// on it unchanged. One process holds the file at a time.
/// </summary>
public sealed class TableDatabase : IDisposable
{
    private readonly FileStream _held;
    private readonly TableWriter _writer;
    private readonly TableReaders _readers;
    private readonly ConcurrentDictionary<string, long> _tables = new(StringComparer.OrdinalIgnoreCase);

    private TableDatabase(TableDatabaseOptions options, FileStream held)
    {
        _held = held;
        var connection = TableFile.OpenWriter(options);
        _writer = new TableWriter(connection, options, _tables);
        _readers = new TableReaders(options.Path);
    }

    /// <summary>Opens the file, or makes it.</summary>
    /// <exception cref="TableFileException">
    /// The file is held by another process, full, broken, or newer than this program.
    /// </exception>
    public static TableDatabase Open(TableDatabaseOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var held = Hold(options.Path);
        try
        {
            return new TableDatabase(options, held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Writes all that is committed now into a new file, also while a process has the tables open.</summary>
    /// <param name="path">The file of the tables.</param>
    /// <param name="target">The new file; it must not be there yet.</param>
    /// <exception cref="TableFileException">There is nothing to back up, or it cannot be written.</exception>
    public static void BackUp(string path, string target) => TableFile.BackUp(path, target);

    /// <summary>A client of the whole, with the retries, time-outs and policies of a profile.</summary>
    /// <param name="profile">Makes the client's options around the transport that it is given.</param>
    /// <param name="transport">
    /// One that goes wrong on purpose and else runs the <see cref="TableCall"/> of its requests; null for none.
    /// </param>
    public TableServiceClient Connect(
        Func<HttpPipelineTransport, TableClientOptions> profile, HttpPipelineTransport? transport = null)
    {
        ArgumentNullException.ThrowIfNull(profile);
        return new EmbeddedTableServiceClient(
            this, HttpPipelineBuilder.Build(profile(transport ?? TableTransport.Shared)));
    }

    /// <summary>Writes what was asked, then lets go of the file.</summary>
    public void Dispose()
    {
        _readers.Dispose();
        _writer.Dispose();
        _held.Dispose();
    }

    internal async ValueTask<TableResponse> CreateAsync(string table, CancellationToken cancellation) =>
        EntityLimits.CheckTable(table) is { } refused
            ? TableResponse.Refuse(refused)
            : await _writer.WriteAsync(
                new PendingWrite(TableChange.Create, table, [], isTransaction: false), cancellation);

    internal async ValueTask<TableResponse> DropAsync(string table, CancellationToken cancellation) =>
        await _writer.WriteAsync(new PendingWrite(TableChange.Drop, table, [], isTransaction: false), cancellation);

    internal async ValueTask<TableResponse> WriteAsync(
        string table, IReadOnlyList<TableAction> actions, bool isTransaction, CancellationToken cancellation) =>
        Refusal(actions, isTransaction) is { } refused
            ? refused
            : await _writer.WriteAsync(
                new PendingWrite(TableChange.Entities, table, actions, isTransaction), cancellation);

    internal TableResponse Find(string table, string partition, string row, IReadOnlySet<string>? select)
    {
        if (!_tables.TryGetValue(table, out var id))
        {
            return TableResponse.Refuse(TableError.TableNotFound);
        }

        if (EntityLimits.CheckKeys(partition, row) is { } refused)
        {
            return TableResponse.Refuse(refused);
        }

        return Read(reader => reader.Find(id, partition, row, select) is { } found
            ? new TableResponse(200) { Value = found }
            : TableResponse.Refuse(TableError.ResourceNotFound));
    }

    internal TableResponse Page(
        string table,
        string? filter,
        string? token,
        int? most,
        IReadOnlySet<string>? select,
        CancellationToken cancellation)
    {
        if (!_tables.TryGetValue(table, out var id))
        {
            return TableResponse.Refuse(TableError.TableNotFound);
        }

        if (most is < 1 or > EntityLimits.MostInPage)
        {
            return TableResponse.Refuse(TableError.InvalidInput("A page holds 1 to 1000 entities."));
        }

        PagePosition? start = null;
        if (token is { Length: > 0 } && !PagePosition.TryRead(token, out start))
        {
            return TableResponse.Refuse(TableError.InvalidInput("The continuation token is none of these tables."));
        }

        KeyRange range;
        try
        {
            range = KeyRange.Of(FilterReader.Read(filter));
        }
        catch (FormatException error)
        {
            return TableResponse.Refuse(TableError.InvalidInput(error.Message));
        }

        return Read(reader => new TableResponse(200)
        {
            Value = reader.Page(id, range, start, most ?? EntityLimits.MostInPage, select, cancellation),
        });
    }

    private TableResponse Read(Func<TableReader, TableResponse> read)
    {
        try
        {
            return _readers.Read(read);
        }
        catch (Microsoft.Data.Sqlite.SqliteException error)
        {
            var isLocked = error.SqliteErrorCode is SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED;
            return TableResponse.Refuse(isLocked ? TableError.ServerBusy : TableError.InternalError);
        }
    }

    /// <summary>
    /// Refuses a write that the service would refuse before it looks at what is stored; null for one that it takes.
    /// </summary>
    private static TableResponse? Refusal(IReadOnlyList<TableAction> actions, bool isTransaction)
    {
        if (!isTransaction)
        {
            return actions[0].Refused is { } why ? TableResponse.Refuse(why) : null;
        }

        if (actions.Count > EntityLimits.MostActions)
        {
            return TableResponse.Refuse(TableError.TooManyOperations);
        }

        if (actions.Sum(action => (long)action.BodyBytes) > EntityLimits.MostBodyBytes)
        {
            return TableResponse.Refuse(TableError.BodyTooLarge);
        }

        var rows = new HashSet<string>(actions.Count, StringComparer.Ordinal);
        for (var index = 0; index < actions.Count; index++)
        {
            var action = actions[index];
            if (action.PartitionKey != actions[0].PartitionKey)
            {
                return TableResponse.Refuse(TableError.DifferentPartitions, index);
            }

            if (!rows.Add(action.RowKey))
            {
                return TableResponse.Refuse(TableError.DuplicateRow, index);
            }

            if (action.Refused is { } refused)
            {
                return TableResponse.Refuse(refused, index);
            }
        }

        return null;
    }

    private static FileStream Hold(string path)
    {
        var full = Path.GetFullPath(path);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            return new FileStream(full + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new TableFileException(
                $"{path} is in use by another process, or closed to us: {error.Message}", error);
        }
    }
}

/// <summary>Configures where the tables are and what they survive.</summary>
public sealed record TableDatabaseOptions(string Path)
{
    /// <summary>
    /// Gets what an acknowledged transaction survives. <see cref="TableSync.Full"/> waits for the disk once for each
    /// group of transactions, see <c>docs/decisions/embedded-tables.md</c> for what that costs.
    /// </summary>
    public TableSync Sync { get; init; } = TableSync.Normal;

    /// <summary>Gives entities their timestamps.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Hears one line when the file begins to fail, and one when it can be written again.</summary>
    public Action<string> Report { get; init; } = _ => { };

    /// <summary>
    /// Gets whether nothing waits for the disk: for tests, whose file goes with them, on machines whose disk is busy.
    /// </summary>
    internal bool NeverSyncs { get; init; }

    /// <summary>Gets the largest size of the file, in pages of 8 KiB; null for as large as the disk allows.</summary>
    internal long? MostPages { get; init; }
}
