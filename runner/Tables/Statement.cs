using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Freeway.EmbeddedTables;

/// <summary>
/// A prepared statement of one connection, run again and again without what ADO.NET allocates for each run.
/// </summary>
internal sealed class Statement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    public Statement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle!;
        Check(raw.sqlite3_prepare_v2(_database, sql, out _statement));
    }

    public void Dispose() => _statement.Dispose();

    /// <param name="index">From 1.</param>
    public Statement Bind(int index, long value)
    {
        Check(raw.sqlite3_bind_int64(_statement, index, value));
        return this;
    }

    /// <param name="index">From 1.</param>
    public Statement Bind(int index, ReadOnlySpan<byte> value)
    {
        // A blob of no bytes would be bound as NULL.
        Check(value.IsEmpty
            ? raw.sqlite3_bind_zeroblob(_statement, index, 0)
            : raw.sqlite3_bind_blob(_statement, index, value));
        return this;
    }

    /// <returns>True while there is a row to read.</returns>
    public bool Step()
    {
        var result = raw.sqlite3_step(_statement);
        if (result is raw.SQLITE_ROW)
        {
            return true;
        }

        if (result is not raw.SQLITE_DONE)
        {
            var error = Error(result);
            Reset();
            throw error;
        }

        return false;
    }

    /// <summary>Runs a statement that has no rows to read.</summary>
    public void Run()
    {
        Step();
        Reset();
    }

    /// <summary>Ends a run, which lets go of what it read.</summary>
    public void Reset() => raw.sqlite3_reset(_statement);

    /// <param name="column">From 0.</param>
    public long Int64(int column) => raw.sqlite3_column_int64(_statement, column);

    /// <summary>The bytes of a column, which are valid until the next step.</summary>
    /// <param name="column">From 0.</param>
    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(_statement, column);

    private void Check(int result)
    {
        if (result is not raw.SQLITE_OK)
        {
            throw Error(result);
        }
    }

    private SqliteException Error(int result) =>
        new(raw.sqlite3_errmsg(_database).utf8_to_string(), result, raw.sqlite3_extended_errcode(_database));
}
