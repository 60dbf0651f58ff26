using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Freeway.EmbeddedTables;

/// <summary>The SQLite file: its schema, its versions, and what keeps it from being opened in one line each.</summary>
internal static class TableFile
{
    /// <summary>
    /// The version of the schema that this Freeway writes. A file of an older version is brought up to it when it is
    /// opened; a file of a newer one is refused.
    /// </summary>
    public const int SchemaVersion = 1;

    /// <summary>Marks the file as ours in its header: "FWTB".</summary>
    private const int ApplicationId = 0x46575442;

    private const int BusyMilliseconds = 2000;

    /// <summary>Step by step from version 0, an empty file, to <see cref="SchemaVersion"/>.</summary>
    private static readonly string[] Steps =
    [
        """
        CREATE TABLE tables (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE);
        CREATE TABLE entities (
          table_id INTEGER NOT NULL, partition BLOB NOT NULL, row BLOB NOT NULL,
          version INTEGER NOT NULL, properties BLOB NOT NULL,
          PRIMARY KEY (table_id, partition, row)) WITHOUT ROWID;
        CREATE TABLE clock (id INTEGER PRIMARY KEY CHECK (id = 1), highest_version INTEGER NOT NULL);
        INSERT INTO clock VALUES (1, 0);
        """,
    ];

    /// <summary>Opens the file for its one writer, making or upgrading it.</summary>
    /// <exception cref="TableFileException">The file cannot be used.</exception>
    public static SqliteConnection OpenWriter(TableDatabaseOptions options) => Guard(options.Path, () =>
    {
        var path = options.Path;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var connection = Open(path, SqliteOpenMode.ReadWriteCreate);
        try
        {
            Execute(connection, $"PRAGMA page_size = 8192; PRAGMA busy_timeout = {BusyMilliseconds};");
            CheckHeader(connection, path);
            // Checkpoints are apart from commits; a log that was long for once is cut back to 64 MiB.
            Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;");
            Execute(connection, "PRAGMA journal_size_limit = 67108864;");
            Execute(connection, Synchronous(options));
            if (options.MostPages is { } most)
            {
                Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA max_page_count = {most};"));
            }

            Upgrade(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    });

    private static string Synchronous(TableDatabaseOptions options)
    {
        if (options.NeverSyncs)
        {
            return "PRAGMA synchronous = OFF;";
        }

        return options.Sync is TableSync.Full ? "PRAGMA synchronous = FULL;" : "PRAGMA synchronous = NORMAL;";
    }

    public static SqliteConnection OpenReader(string path)
    {
        var connection = Open(path, SqliteOpenMode.ReadWrite);
        Execute(connection, $"PRAGMA query_only = ON; PRAGMA busy_timeout = {BusyMilliseconds};");
        Execute(connection, "PRAGMA cache_size = -1024;");
        return connection;
    }

    public static SqliteConnection OpenCheckpointer(TableDatabaseOptions options)
    {
        var connection = Open(options.Path, SqliteOpenMode.ReadWrite);
        Execute(connection, Synchronous(options));
        Execute(connection, $"PRAGMA busy_timeout = {BusyMilliseconds}; PRAGMA cache_size = -256;");
        return connection;
    }

    /// <summary>Writes all that is committed now into a new file, while the tables may be in use.</summary>
    /// <exception cref="TableFileException">There are no tables, or the copy cannot be written.</exception>
    public static void BackUp(string path, string target)
    {
        if (!File.Exists(path))
        {
            throw new TableFileException($"There are no embedded tables at {path} to back up.");
        }

        if (File.Exists(target))
        {
            throw new TableFileException($"{target} is there already: name a new file for the backup.");
        }

        Guard(path, () =>
        {
            using var connection = Open(path, SqliteOpenMode.ReadWrite);
            Execute(connection, $"PRAGMA busy_timeout = {BusyMilliseconds};");
            CheckHeader(connection, path);
            using var command = connection.CreateCommand();
            command.CommandText = "VACUUM INTO $target";
            command.Parameters.AddWithValue("$target", Path.GetFullPath(target));
            command.ExecuteNonQuery();
            return true;
        });
    }

    /// <summary>A fault of the file in one line.</summary>
    public static TableFileException Describe(string path, SqliteException error) => error.SqliteErrorCode switch
    {
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => new(
            $"{path} is locked by another program: close it and start again.", error),
        raw.SQLITE_FULL => new($"The disk is full: {path} cannot grow. Free some space and start again.", error),
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => new(
            $"{path} is broken or no file of embedded tables: put a backup in its place, or take the file away to start "
            + "empty.",
            error),
        raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN or raw.SQLITE_PERM => new(
            $"{path} cannot be opened for writing: {error.Message}", error),
        _ => new($"{path} cannot be used: {error.Message}", error),
    };

    private static T Guard<T>(string path, Func<T> use)
    {
        try
        {
            return use();
        }
        catch (SqliteException error)
        {
            throw Describe(path, error);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or (IOException and not TableFileException))
        {
            throw new TableFileException($"{path} cannot be used: {error.Message}", error);
        }
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        // Each connection is held by one owner for as long as the file is in use.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = BusyMilliseconds / 1000,
        }.ToString());
        connection.Open();
        return connection;
    }

    private static void CheckHeader(SqliteConnection connection, string path)
    {
        var version = Number(connection, "PRAGMA user_version");
        var id = Number(connection, "PRAGMA application_id");
        var isEmpty = Number(connection, "SELECT count(*) FROM sqlite_schema") is 0;
        if (id is not ApplicationId && !isEmpty)
        {
            throw new TableFileException($"{path} is a database of another program.");
        }

        if (version > SchemaVersion)
        {
            throw new TableFileException(
                $"{path} was written by a newer Freeway (schema {version}, this one knows {SchemaVersion}): use that one, "
                + "or a backup from before.");
        }
    }

    private static void Upgrade(SqliteConnection connection)
    {
        var version = (int)Number(connection, "PRAGMA user_version");
        if (version == SchemaVersion)
        {
            return;
        }

        using var transaction = connection.BeginTransaction();
        foreach (var step in Steps.Skip(version))
        {
            Execute(connection, step, transaction);
        }

        Execute(connection, $"PRAGMA application_id = {ApplicationId};", transaction);
        Execute(connection, $"PRAGMA user_version = {SchemaVersion};", transaction);
        transaction.Commit();
    }

    private static long Number(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private static void Execute(SqliteConnection connection, string sql, SqliteTransaction? transaction = null)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        command.ExecuteNonQuery();
    }
}

/// <summary>Says what a transaction survives once it is acknowledged.</summary>
public enum TableSync
{
    /// <summary>
    /// Survives the end of the process, also by <c>kill -9</c>; a power cut may lose the last transactions, and never
    /// breaks the file.
    /// </summary>
    Normal,

    /// <summary>Survives a power cut too. Each group of transactions then waits for the disk.</summary>
    Full,
}

/// <summary>The file of the tables cannot be used. The message is one line for whoever started the program.</summary>
public sealed class TableFileException(string message, Exception? inner = null) : IOException(message, inner);
