using System.Collections.Concurrent;
using Azure.Data.Tables;
using Microsoft.Data.Sqlite;

namespace Freeway.EmbeddedTables;

/// <summary>Reads the committed state of the file beside the writer, on the caller's thread.</summary>
internal sealed class TableReaders(string path) : IDisposable
{
    /// <summary>Connections kept for the next reader; each has a page cache of up to 1 MiB.</summary>
    private const int MostIdle = 4;

    private readonly ConcurrentBag<TableReader> _idle = [];
    private volatile bool _closed;

    public T Read<T>(Func<TableReader, T> read)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        var reader = _idle.TryTake(out var idle) ? idle : new TableReader(path);
        var isGood = false;
        try
        {
            var result = read(reader);
            isGood = true;
            return result;
        }
        finally
        {
            if (isGood && !_closed && _idle.Count < MostIdle)
            {
                _idle.Add(reader);
            }
            else
            {
                reader.Dispose();
            }
        }
    }

    public void Dispose()
    {
        _closed = true;
        while (_idle.TryTake(out var reader))
        {
            reader.Dispose();
        }
    }
}

/// <summary>One connection that reads, with its prepared statements; for one thread at a time.</summary>
internal sealed class TableReader : IDisposable
{
    /// <summary>
    /// Entities looked at for one page at most: a filter that matches few would otherwise hold its thread for long.
    /// </summary>
    private const int MostScanned = 20_000;

    /// <summary>Bytes of properties in one page: the service's bound on an answer.</summary>
    private const int MostPageBytes = 4 * 1024 * 1024;

    private readonly SqliteConnection _connection;
    private readonly Statement _one, _rows, _partitions;

    public TableReader(string path)
    {
        _connection = TableFile.OpenReader(path);
        _one = new(
            _connection, "SELECT version, properties FROM entities WHERE table_id = ? AND partition = ? AND row = ?");
        _rows = new(
            _connection,
            "SELECT partition, row, version, properties FROM entities "
            + "WHERE table_id = ? AND partition = ? AND row >= ? AND row < ? ORDER BY row");
        _partitions = new(
            _connection,
            "SELECT partition, row, version, properties FROM entities "
            + "WHERE table_id = ? AND (partition, row) >= (?, ?) AND partition < ? ORDER BY partition, row");
    }

    public TableEntity? Find(long table, string partition, string row, IReadOnlySet<string>? select)
    {
        var isFound = _one.Bind(1, table).Bind(2, KeyBytes.Encode(partition)).Bind(3, KeyBytes.Encode(row)).Step();
        try
        {
            return isFound ? EntityJson.Read(_one.Bytes(1), partition, row, _one.Int64(0), select) : null;
        }
        finally
        {
            _one.Reset();
        }
    }

    /// <param name="start">Where an earlier page ended; null for the first page.</param>
    /// <param name="most">Entities in the page at most.</param>
    public TablePage Page(
        long table,
        KeyRange range,
        PagePosition? start,
        int most,
        IReadOnlySet<string>? select,
        CancellationToken cancellation)
    {
        var statement = Position(table, range, start);
        var entities = new List<TableEntity>();
        var (scanned, bytes) = (0, 0);
        try
        {
            while (statement.Step())
            {
                var isFull = entities.Count >= most || scanned >= MostScanned || bytes >= MostPageBytes;
                if (isFull)
                {
                    return new TablePage(
                        entities, new PagePosition(statement.Bytes(0).ToArray(), statement.Bytes(1).ToArray()));
                }

                scanned++;
                cancellation.ThrowIfCancellationRequested();
                var json = statement.Bytes(3);
                var (partition, row) = (KeyBytes.Decode(statement.Bytes(0)), KeyBytes.Decode(statement.Bytes(1)));
                if (range.Rest is { } rest && !rest.Matches(
                    EntityJson.Read(json, partition, row, statement.Int64(2), select: null)))
                {
                    continue;
                }

                bytes += json.Length;
                entities.Add(EntityJson.Read(json, partition, row, statement.Int64(2), select));
            }

            return new TablePage(entities, null);
        }
        finally
        {
            statement.Reset();
        }
    }

    public void Dispose()
    {
        _one.Dispose();
        _rows.Dispose();
        _partitions.Dispose();
        _connection.Dispose();
    }

    private Statement Position(long table, KeyRange range, PagePosition? start) => range.Partition is { } partition
        ? _rows.Bind(1, table).Bind(2, partition).Bind(3, start?.Row ?? range.From).Bind(4, range.Until)
        : _partitions.Bind(1, table).Bind(2, start?.Partition ?? range.From).Bind(3, start?.Row ?? KeyBytes.First)
            .Bind(4, range.Until);
}

/// <summary>Entities in the order of their keys.</summary>
/// <param name="Next">Where the next page begins; null where there is none.</param>
internal sealed record TablePage(IReadOnlyList<TableEntity> Entities, PagePosition? Next);

/// <summary>The keys of the first entity of a page; its text is the continuation token that callers keep.</summary>
internal sealed record PagePosition(byte[] Partition, byte[] Row)
{
    public override string ToString() => $"{Convert.ToBase64String(Partition)} {Convert.ToBase64String(Row)}";

    /// <returns>False where the text is no token of ours.</returns>
    public static bool TryRead(string text, out PagePosition? position)
    {
        position = null;
        if (text.Split(' ') is not [var partition, var row])
        {
            return false;
        }

        try
        {
            position = new PagePosition(Convert.FromBase64String(partition), Convert.FromBase64String(row));
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
