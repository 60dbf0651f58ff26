using System.Reflection;
using Azure;
using Azure.Data.Tables;
using Freeway.Adapters.Tables;
using Freeway.EmbeddedTables;
using Freeway.Tests.Shared;
using Microsoft.Data.Sqlite;

namespace Freeway.Adapters.Tests.Tables;

/// <summary>The file of the embedded tables: what it keeps, what it refuses, and in which words.</summary>
public sealed class TableDatabaseTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("freeway-tables-");

    public void Dispose() => _folder.Delete(recursive: true);

    private string File => Path.Combine(_folder.FullName, "tables.db");

    [Theory]
    [InlineData(typeof(TableClient))]
    [InlineData(typeof(TableServiceClient))]
    public void Client_OfEmbeddedTables_LeavesNoCallToTheServicesOwn(Type type)
    {
        using var database = Open();
        var service = database.Connect(TableProfiles.Strict);
        var client = type == typeof(TableClient) ? (object)service.GetTableClient("some") : service;

        var inherited = client.GetType().GetMethods(BindingFlags.Public | BindingFlags.Instance)
            .Where(method => method.IsVirtual && !method.IsFinal && method.DeclaringType == type);

        inherited.Select(method => method.ToString()).ShouldBeEmpty();
    }

    [Fact]
    public void Call_ThatIsNotSupported_SaysSo()
    {
        using var database = Open();

        Should.Throw<NotSupportedException>(
            () => database.Connect(TableProfiles.Strict).GetTableClient("some").Create())
            .Message.ShouldStartWith("Embedded tables do not support Create");
    }

    [Fact]
    public async Task File_OpenedAgain_HasWhatWasWrittenAndGoesOnWithLaterVersions()
    {
        ETag before;
        using (var database = Open())
        {
            var table = await TableAsync(database);
            before = (await table.AddEntityAsync(new TableEntity("p", "r") { ["Text"] = "kept" })).Headers.ETag!.Value;
        }

        // The clock was put back a day between the two runs.
        using var again = Open(new ManualTime(DateTimeOffset.UnixEpoch));
        var found = await TableAsync(again);
        var merged = await found.UpsertEntityAsync(new TableEntity("p", "r") { ["New"] = 1 }, TableUpdateMode.Merge);
        var after = merged.Headers.ETag!.Value;

        var read = (await found.GetEntityAsync<TableEntity>("p", "r")).Value;
        (read["Text"], read["New"]).ShouldBe(("kept", 1));
        string.CompareOrdinal(after.ToString(), before.ToString()).ShouldBeGreaterThan(0);
    }

    /// <summary>
    /// A file of each schema that was ever written stays readable: <c>schema-1.sql</c> is never changed.
    /// </summary>
    [Theory]
    [InlineData("schema-1.sql")]
    public async Task File_OfAnEarlierFreeway_IsRead(string dump)
    {
        Execute(await System.IO.File.ReadAllTextAsync(
            Path.Combine(RepositoryFolder.Root, "tests", "adapters", "Tables", dump)));

        using var database = Open();

        var read = (await (await TableAsync(database)).GetEntityAsync<TableEntity>("p", "r")).Value;
        (read["Text"], read["Number"], read["Long"]).ShouldBe(("kept", 7, 8L));
        read.ETag.ToString().ShouldBe("W/\"datetime'2026-05-29T12%3A00%3A00.0000001Z'\"");
    }

    [Fact]
    public void File_OfANewerFreeway_IsRefused()
    {
        Open().Dispose();
        Execute("PRAGMA user_version = 99");

        Refusal().ShouldBe($"{File} was written by a newer Freeway (schema 99, this one knows 1): use that one, "
            + "or a backup from before.");
    }

    [Fact]
    public void File_ThatIsBroken_IsRefused()
    {
        System.IO.File.WriteAllText(File, new string('x', 20_000));

        Refusal().ShouldBe($"{File} is broken or no file of embedded tables: put a backup in its place, "
            + "or take the file away to start empty.");
    }

    [Fact]
    public void File_OfAnotherProgram_IsRefused()
    {
        Execute("CREATE TABLE theirs (id INTEGER)");

        Refusal().ShouldBe($"{File} is a database of another program.");
    }

    [Fact]
    public void File_ThatAnotherFreewayHolds_IsRefused()
    {
        using var database = Open();

        Refusal().ShouldStartWith($"{File} is in use by another process");
    }

    [Fact]
    public void File_ThatAnotherProgramLocks_IsRefused()
    {
        Open().Dispose();
        using var other = Connect();
        Execute(other, "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");

        Refusal().ShouldBe($"{File} is locked by another program: close it and start again.");
    }

    [Fact]
    public async Task Write_WhileAnotherProgramHoldsTheFile_IsBusyAndGoesOnAfterwards()
    {
        using var database = Open();
        var table = await TableAsync(database);
        using (var other = Connect())
        {
            Execute(other, "BEGIN IMMEDIATE");

            var busy = await Should.ThrowAsync<RequestFailedException>(table.AddEntityAsync(new TableEntity("p", "r")));

            (busy.Status, busy.ErrorCode).ShouldBe((503, "ServerBusy"));
        }

        await table.AddEntityAsync(new TableEntity("p", "r"));
    }

    [Fact]
    public async Task Disk_ThatIsFull_IsSaidOnceAndReadsGoOn()
    {
        var lines = new List<string>();
        using var database = TableDatabase.Open(new TableDatabaseOptions(File) { Report = lines.Add, MostPages = 40 });
        var table = await TableAsync(database);
        var written = 0;
        async Task FillAsync(int row)
        {
            await table.AddEntityAsync(new TableEntity("p", $"{row:000}") { ["Text"] = new string('x', 30_000) });
            written++;
        }

        for (var row = 0; row < 40; row++)
        {
            try
            {
                await FillAsync(row);
            }
            catch (RequestFailedException full)
            {
                StorageFault.Is(full, default, out var fault).ShouldBeTrue();
                (fault.Kind, fault.Code).ShouldBe((StorageFaultKind.Unknown, "InternalError"));
            }
        }

        lines.ShouldBe([$"The disk is full: {File} cannot grow. Free some space and start again."]);
        written.ShouldBeGreaterThan(0);
        (await table.QueryAsync<TableEntity>(select: ["RowKey"]).CountAsync()).ShouldBe(written);
        await table.DeleteEntityAsync("p", "000");
        lines.Last().ShouldBe($"{File} can be written again.");
    }

    [Fact]
    public async Task Write_OnAFullDisk_IsNotTakenForWrittenAfterwards()
    {
        using var database = TableDatabase.Open(new TableDatabaseOptions(File) { MostPages = 40 });
        var table = await TableAsync(database);
        var full = new TableEntity("p", "r") { ["One"] = new string('x', 30_000) };
        for (var more = 0; more < 13; more++)
        {
            full["More" + more] = new string('x', 30_000);
        }

        for (var attempt = 0; attempt < 2; attempt++)
        {
            var failed = await Should.ThrowAsync<RequestFailedException>(table.AddEntityAsync(full));
            failed.ErrorCode.ShouldBe("InternalError", "and not that it is there already");
        }
    }

    [Fact]
    public async Task Table_MadeAgain_KnowsNothingOfTheEntitiesBefore()
    {
        using var database = Open();
        var table = await TableAsync(database);
        var old = (await table.AddEntityAsync(new TableEntity("p", "r"))).Headers.ETag!.Value;
        await table.DeleteAsync();
        await table.CreateAsync();

        var gone = await Should.ThrowAsync<RequestFailedException>(
            table.UpdateEntityAsync(new TableEntity("p", "r"), old, TableUpdateMode.Replace));

        gone.ErrorCode.ShouldBe("ResourceNotFound");
        (await table.AddEntityAsync(new TableEntity("p", "r"))).Status.ShouldBe(204);
    }

    [Fact]
    public async Task Update_AfterManyOtherWrites_IsJudgedByTheVersionInTheFile()
    {
        using var database = Open();
        var table = await TableAsync(database);
        var first = (await table.AddEntityAsync(new TableEntity("p", "first"))).Headers.ETag!.Value;
        for (var batch = 0; batch < 50; batch++)
        {
            await table.SubmitTransactionAsync(Enumerable.Range(0, 100).Select(row => new TableTransactionAction(
                TableTransactionActionType.Add, new TableEntity("p", $"{batch}-{row}"))));
        }

        var second = (await table.UpdateEntityAsync(new TableEntity("p", "first"), first)).Headers.ETag!.Value;
        var stale = await Should.ThrowAsync<RequestFailedException>(
            table.UpdateEntityAsync(new TableEntity("p", "first"), first));

        stale.Status.ShouldBe(412);
        (await table.UpdateEntityAsync(new TableEntity("p", "first"), second)).Status.ShouldBe(204);
    }

    [Fact]
    public async Task Transactions_ThatRace_EachHaveTheirOwnOutcome()
    {
        using var database = Open();
        var table = await TableAsync(database);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 60).Select(async index =>
        {
            try
            {
                await table.SubmitTransactionAsync([
                    new(TableTransactionActionType.Add, new TableEntity("p", $"own {index}")),
                    new(TableTransactionActionType.Add, new TableEntity("p", $"shared {index % 20}")),
                ]);
                return 0;
            }
            catch (TableTransactionFailedException lost)
            {
                return lost.FailedTransactionActionIndex;
            }
        }));

        outcomes.Count(outcome => outcome is 0).ShouldBe(20);
        outcomes.Count(outcome => outcome is 1).ShouldBe(40);
        (await table.QueryAsync<TableEntity>().CountAsync()).ShouldBe(40, "the refused ones left nothing");
    }

    [Fact]
    public async Task Backup_OfTablesInUse_HoldsWhatWasCommitted()
    {
        var copy = Path.Combine(_folder.FullName, "copy.db");
        using (var database = Open())
        {
            var table = await TableAsync(database);
            await table.AddEntityAsync(new TableEntity("p", "r") { ["Text"] = "kept" });

            TableDatabase.BackUp(File, copy);

            await table.AddEntityAsync(new TableEntity("p", "later"));
        }

        Should.Throw<TableFileException>(() => TableDatabase.BackUp(File, copy)).Message.ShouldBe(
            $"{copy} is there already: name a new file for the backup.");
        using var restored = TableDatabase.Open(new TableDatabaseOptions(copy));
        var rows = await (await TableAsync(restored)).QueryAsync<TableEntity>().ToListAsync();
        rows.ShouldHaveSingleItem()["Text"].ShouldBe("kept");
    }

    [Fact]
    public void Backup_OfNoTables_SaysSo() =>
        Should.Throw<TableFileException>(() => TableDatabase.BackUp(File, File + "2")).Message.ShouldBe(
            $"There are no embedded tables at {File} to back up.");

    private TableDatabase Open(TimeProvider? time = null) =>
        TableDatabase.Open(new TableDatabaseOptions(File) { TimeProvider = time ?? TimeProvider.System });

    private string Refusal() => Should.Throw<TableFileException>(() => Open().Dispose()).Message;

    private static async Task<TableClient> TableAsync(TableDatabase database)
    {
        var table = database.Connect(TableProfiles.Strict).GetTableClient("some");
        await table.CreateIfNotExistsAsync();
        return table;
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        return connection;
    }

    private void Execute(string sql)
    {
        using var connection = Connect();
        Execute(connection, sql);
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
