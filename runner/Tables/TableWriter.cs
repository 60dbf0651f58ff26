using System.Collections.Concurrent;
using Azure.Data.Tables;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Freeway.EmbeddedTables;

/// <summary>
/// The one writer of the file, on a thread of its own. While it writes one group of transactions the next ones queue,
/// and all that queue become one transaction of SQLite, each still with an outcome of its own.
/// </summary>
internal sealed class TableWriter : IDisposable
{
    /// <summary>Transactions that share one commit at most: it bounds how long the first of them waits.</summary>
    private const int MostInGroup = 256;

    /// <summary>
    /// The distance, in ticks, by which the file's own mark is put ahead of the versions in use, so that it is seldom
    /// written.
    /// </summary>
    private static readonly long MarkAhead = TimeSpan.FromSeconds(10).Ticks;

    private readonly SqliteConnection _connection;
    private readonly TimeProvider _time;
    private readonly Action<string> _report;
    private readonly string _path;
    private readonly ConcurrentDictionary<string, long> _tables;
    private readonly TableCheckpoints _checkpoints;
    private readonly Thread _thread;
    private readonly Statement _begin, _commit, _rollback, _find, _put, _delete, _mark;
    private readonly Statement _addTable, _dropTable, _dropEntities;
    private readonly List<Statement> _statements;
    private readonly object _gate = new();

    /// <summary>
    /// The tables that the group in hand has made (their ids) or dropped (null), before anybody else may see it.
    /// </summary>
    private readonly Dictionary<string, long?> _changed = new(StringComparer.OrdinalIgnoreCase);

    private readonly WrittenVersions _written = new();
    private List<PendingWrite> _waiting = [];
    private bool _closed;
    private bool _isFailing;
    private long _lastVersion;
    private long _marked;

    /// <param name="tables">The ids of the tables by name: read by all, changed here after each commit.</param>
    public TableWriter(
        SqliteConnection connection, TableDatabaseOptions options, ConcurrentDictionary<string, long> tables)
    {
        (_connection, _tables) = (connection, tables);
        (_path, _time, _report) = (options.Path, options.TimeProvider, options.Report);
        _begin = new(connection, "BEGIN IMMEDIATE");
        _commit = new(connection, "COMMIT");
        _rollback = new(connection, "ROLLBACK");
        _find = new(
            connection, "SELECT version, properties FROM entities WHERE table_id = ? AND partition = ? AND row = ?");
        _put = new(
            connection,
            "INSERT INTO entities (table_id, partition, row, version, properties) VALUES (?, ?, ?, ?, ?) "
            + "ON CONFLICT DO UPDATE SET version = excluded.version, properties = excluded.properties");
        _delete = new(connection, "DELETE FROM entities WHERE table_id = ? AND partition = ? AND row = ?");
        _mark = new(connection, "UPDATE clock SET highest_version = ?");
        _addTable = new(connection, "INSERT INTO tables (name) VALUES (CAST(? AS TEXT)) RETURNING id");
        _dropTable = new(connection, "DELETE FROM tables WHERE id = ?");
        _dropEntities = new(connection, "DELETE FROM entities WHERE table_id = ?");
        _statements =
            [_begin, _commit, _rollback, _find, _put, _delete, _mark, _addTable, _dropTable, _dropEntities];
        ReadState();
        _checkpoints = new TableCheckpoints(options);
        _thread = new Thread(Run) { IsBackground = true, Name = "embedded tables" };
        _thread.Start();
    }

    /// <summary>Ends when the write is in the file, or refused, or when the caller gives up waiting.</summary>
    public Task<TableResponse> WriteAsync(PendingWrite write, CancellationToken cancellation)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            _waiting.Add(write);
            if (_waiting.Count is 1)
            {
                Monitor.Pulse(_gate);
            }
        }

        return write.Outcome.WaitAsync(cancellation);
    }

    /// <summary>Writes what waits, then closes the file.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            _closed = true;
            Monitor.Pulse(_gate);
        }

        _thread.Join();
        _checkpoints.Dispose();
        _statements.ForEach(statement => statement.Dispose());
        _connection.Dispose();
    }

    private void ReadState()
    {
        using var tables = new Statement(_connection, "SELECT id, CAST(name AS BLOB) FROM tables");
        while (tables.Step())
        {
            _tables[System.Text.Encoding.UTF8.GetString(tables.Bytes(1))] = tables.Int64(0);
        }

        using var clock = new Statement(_connection, "SELECT highest_version FROM clock");
        clock.Step();
        _marked = _lastVersion = clock.Int64(0);
    }

    private void Run()
    {
        var group = new List<PendingWrite>();
        while (Take(ref group))
        {
            for (var start = 0; start < group.Count; start += MostInGroup)
            {
                Write(group.GetRange(start, Math.Min(MostInGroup, group.Count - start)));
            }

            group.Clear();
        }

        LowerMark();
    }

    /// <summary>
    /// Lowers the mark to the last version after an orderly stop, so that the next run begins with its own time.
    /// </summary>
    private void LowerMark()
    {
        try
        {
            _mark.Bind(1, _lastVersion).Run();
        }
        catch (SqliteException)
        {
            // A mark that stays too high costs nothing but timestamps a few seconds early.
        }
    }

    /// <summary>Waits for writes, and takes all that wait.</summary>
    /// <returns>False when the tables are closed and everything is written.</returns>
    private bool Take(ref List<PendingWrite> group)
    {
        lock (_gate)
        {
            while (_waiting.Count is 0 && !_closed)
            {
                Monitor.Wait(_gate);
            }

            (group, _waiting) = (_waiting, group);
            return group.Count > 0;
        }
    }

    private void Write(List<PendingWrite> group)
    {
        _changed.Clear();
        try
        {
            _begin.Run();
            foreach (var write in group)
            {
                write.Response = write.Change switch
                {
                    TableChange.Create => Create(write.Table),
                    TableChange.Drop => Drop(write.Table),
                    _ => Apply(write),
                };
            }

            if (_lastVersion > _marked)
            {
                _marked = _lastVersion + MarkAhead;
                _mark.Bind(1, _marked).Run();
            }

            _commit.Run();
            Recovered();
        }
        catch (Exception error)
        {
            Abandon(group, error);
        }

        foreach (var write in group)
        {
            Publish(write);
            write.Complete();
        }

        // After the callers have their answers: they need not wait for it.
        _checkpoints.Committed(_connection);
    }

    /// <summary>Tells the callers of a group that nothing of it is in the file.</summary>
    private void Abandon(List<PendingWrite> group, Exception error)
    {
        // The mark that the group carried went with it, and so did its versions.
        _marked = 0;
        _written.Clear();
        try
        {
            _rollback.Run();
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself.
        }

        if (!_isFailing)
        {
            _isFailing = true;
            _report(error is SqliteException fault ? TableFile.Describe(_path, fault).Message : error.ToString());
        }

        var isLocked = error is SqliteException { SqliteErrorCode: raw.SQLITE_BUSY or raw.SQLITE_LOCKED };
        var answer = isLocked ? TableError.ServerBusy : TableError.InternalError;
        group.ForEach(write => write.Response = TableResponse.Refuse(answer));
    }

    private void Recovered()
    {
        if (_isFailing)
        {
            _isFailing = false;
            _report($"{_path} can be written again.");
        }
    }

    private void Publish(PendingWrite write)
    {
        if (write.Response is not { Error: null } done)
        {
            return;
        }

        if (write.Change is TableChange.Create)
        {
            _tables[write.Table] = (long)done.Value!;
        }
        else if (write.Change is TableChange.Drop)
        {
            _tables.TryRemove(write.Table, out _);
        }
    }

    private TableResponse Create(string table)
    {
        if (Id(table) is not null)
        {
            return TableResponse.Refuse(TableError.TableAlreadyExists);
        }

        _addTable.Bind(1, System.Text.Encoding.UTF8.GetBytes(table)).Step();
        var id = _addTable.Int64(0);
        _addTable.Reset();
        _changed[table] = id;
        return new TableResponse(201) { Value = id };
    }

    private TableResponse Drop(string table)
    {
        if (Id(table) is not { } id)
        {
            return TableResponse.Refuse(TableError.TableNotFound);
        }

        _written.Clear();
        _dropEntities.Bind(1, id).Run();
        _dropTable.Bind(1, id).Run();
        _changed[table] = null;
        return new TableResponse(204);
    }

    private TableResponse Apply(PendingWrite write)
    {
        if (Id(write.Table) is not { } table)
        {
            return TableResponse.Refuse(TableError.TableNotFound, write.IsTransaction ? 0 : null);
        }

        // All are judged before the first is written, so that a refusal leaves nothing to undo. No action can change
        // the verdict of another, for a transaction names each entity once.
        var merged = new byte[]?[write.Actions.Count];
        for (var index = 0; index < write.Actions.Count; index++)
        {
            if (Judge(table, write.Actions[index], out merged[index]) is { } refused)
            {
                return TableResponse.Refuse(refused, write.IsTransaction ? index : null);
            }
        }

        var responses = new TableResponse[write.Actions.Count];
        for (var index = 0; index < write.Actions.Count; index++)
        {
            responses[index] = Put(table, write.Actions[index], merged[index]);
        }

        return write.IsTransaction ? new TableResponse(202) { Value = responses } : responses[0];
    }

    /// <param name="properties">What is to be stored.</param>
    private TableError? Judge(long table, TableAction action, out byte[]? properties)
    {
        properties = action.Properties;
        if (!IsMerge(action.Kind) && _written.TryGet(table, action, out var known))
        {
            return action.Kind is TableTransactionActionType.Add
                ? TableError.EntityAlreadyExists
                : Match(action, known);
        }

        var isFound = _find.Bind(1, table).Bind(2, action.Partition).Bind(3, action.Row).Step();
        try
        {
            if (action.Kind is TableTransactionActionType.Add)
            {
                return isFound ? TableError.EntityAlreadyExists : null;
            }

            if (!isFound)
            {
                var makesIt = action.Kind
                    is TableTransactionActionType.UpsertMerge or TableTransactionActionType.UpsertReplace;
                return makesIt ? null : TableError.ResourceNotFound;
            }

            return Match(action, _find.Int64(0))
                ?? (IsMerge(action.Kind) ? Merge(action, _find.Bytes(1), out properties) : null);
        }
        finally
        {
            _find.Reset();
        }
    }

    private static bool IsMerge(TableTransactionActionType kind) =>
        kind is TableTransactionActionType.UpdateMerge or TableTransactionActionType.UpsertMerge;

    /// <returns>Null where the stored version is one that the action asks for.</returns>
    private static TableError? Match(TableAction action, long version) =>
        action.IfMatch is VersionTag.Any || action.IfMatch == version ? null : TableError.ConditionNotSatisfied;

    private static TableError? Merge(TableAction action, ReadOnlySpan<byte> stored, out byte[] properties)
    {
        var merged = EntityJson.Read(stored, action.PartitionKey, action.RowKey, 0, select: null);
        foreach (var (name, value) in EntityJson.Read(
            action.Properties, action.PartitionKey, action.RowKey, 0, select: null))
        {
            merged[name] = value;
        }

        properties = EntityJson.Write(action.PartitionKey, action.RowKey, merged!, out var refused);
        return refused;
    }

    private TableResponse Put(long table, TableAction action, byte[]? properties)
    {
        if (action.Kind is TableTransactionActionType.Delete)
        {
            _written.Remove(table, action);
            _delete.Bind(1, table).Bind(2, action.Partition).Bind(3, action.Row).Run();
            _checkpoints.Count(0);
            return new TableResponse(204);
        }

        var version = NextVersion();
        _put.Bind(1, table).Bind(2, action.Partition).Bind(3, action.Row).Bind(4, version).Bind(5, properties).Run();
        _written.Set(table, action, version);
        _checkpoints.Count(action.Properties.Length);
        return new TableResponse(204) { Version = version };
    }

    /// <summary>The time, and never a version again that was given before, also where the clock is put back.</summary>
    private long NextVersion() => _lastVersion = Math.Max(_lastVersion + 1, _time.GetUtcNow().UtcTicks);

    /// <summary>The table's id as this group sees it.</summary>
    private long? Id(string table)
    {
        if (_changed.TryGetValue(table, out var id))
        {
            return id;
        }

        return _tables.TryGetValue(table, out var known) ? known : null;
    }
}
