using Microsoft.Data.Sqlite;

namespace Freeway.EmbeddedTables;

/// <summary>
/// Moves what the write-ahead log holds into the file itself, on a thread and a connection of its own, so that no
/// transaction waits for the disk while it is done.
/// </summary>
/// <remarks>
/// <code>
///  writer   commit commit commit … commit           commit …
///             └─ 1,000 pages ─► wakes                 ▲ begins the log anew once all of it is in the file
///  here                         checkpoint (passive) ─┘
/// </code>
/// A writer that never pauses is always some pages ahead, so the log is never seen empty. Once it is long the writer
/// does
/// the last few pages itself, between two groups.
/// </remarks>
internal sealed class TableCheckpoints : IDisposable
{
    /// <summary>Pages written before they are moved: 8 MiB at most.</summary>
    private const int PagesBetween = 1000;

    /// <summary>Pages in the log from which the writer helps: 64 MiB.</summary>
    private const long LongLog = 8000;

    private const int PageBytes = 8192;

    private readonly SqliteConnection _connection;
    private readonly Thread _thread;
    private readonly Lock _one = new();
    private readonly AutoResetEvent _due = new(false);
    private volatile bool _closed;
    private long _logPages;
    private int _written;

    public TableCheckpoints(TableDatabaseOptions options)
    {
        _connection = TableFile.OpenCheckpointer(options);
        _thread = new Thread(Run) { IsBackground = true, Name = "embedded tables, checkpoints" };
        _thread.Start();
    }

    /// <summary>Counts one row that the writer has put; no commit is needed for the count to be good enough.</summary>
    public void Count(int bytes) => _written += 1 + (bytes / PageBytes);

    /// <summary>Called by the writer after each commit, with its own connection.</summary>
    public void Committed(SqliteConnection writer)
    {
        if (_written < PagesBetween)
        {
            return;
        }

        _written = 0;
        if (Volatile.Read(ref _logPages) > LongLog)
        {
            Checkpoint(writer);
        }
        else
        {
            _due.Set();
        }
    }

    public void Dispose()
    {
        _closed = true;
        _due.Set();
        _thread.Join();
        _due.Dispose();
        _connection.Dispose();
    }

    private void Run()
    {
        while (_due.WaitOne() && !_closed)
        {
            Checkpoint(_connection);
        }
    }

    private void Checkpoint(SqliteConnection connection)
    {
        // One at a time: a writer that helps waits for the one under way, which bounds the log.
        lock (_one)
        {
            try
            {
                using var command = connection.CreateCommand();
                command.CommandText = "PRAGMA wal_checkpoint(PASSIVE)";
                using var row = command.ExecuteReader();
                row.Read();
                Volatile.Write(ref _logPages, row.GetInt64(1));
            }
            catch (SqliteException)
            {
                // The log keeps everything; the next checkpoint moves it.
            }
        }
    }
}
