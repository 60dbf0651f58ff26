using Azure.Data.Tables;
using Freeway.Adapters.Ledger;
using Freeway.Adapters.Tables;
using Freeway.EmbeddedTables;
using Freeway.Gateway.Ledger;
using Freeway.Runner.Broker;
using Freeway.Runner.Broker.Queues;
using Freeway.Runner.Copying;
using Freeway.Runner.Local;
using Freeway.Runner.Tests.Broker;
using Freeway.Tests.Shared;
using Microsoft.Extensions.Configuration;

namespace Freeway.Runner.Tests.Copying;

/// <summary>Entities from embedded tables to Azurite and back, by the SDK on both sides.</summary>
public sealed class TableCopyTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TableNames _names = TablesFixture.NewNames();

    private TableServiceClient Account => azurite.Connect(TableProfiles.Patient);

    public void Dispose() => _folder.Dispose();

    /// <summary>
    /// A new table must be copied, and backed up on Azure, from the day on which it is there; but for the response
    /// cache, whose answers are made anew.
    /// </summary>
    [Fact]
    public void Tables_OfADeployment_AreAllCopiedAndBackedUp()
    {
        var all = typeof(TableNames).GetProperties()
            .Where(property => property.Name is not (nameof(TableNames.Prefix) or nameof(TableNames.Responses)))
            .Select(property => (string)property.GetValue(new TableNames())!).ToList();
        var script = File.ReadAllLines(Path.Combine(RepositoryFolder.Root, "eng", "tables.mjs"))
            .Single(line => line.StartsWith("const tables = ", StringComparison.Ordinal));

        new TableCopy(Account, Account, new TableNames()).Tables.ShouldBe(all, ignoreOrder: true);
        script.Split('\'').Where((_, index) => index % 2 is 1).ShouldBe(all, ignoreOrder: true);
    }

    [Fact]
    public async Task Copy_ThereAndBack_KeepsEveryEntityWithItsTypes()
    {
        using var source = Database("source");
        using var target = Database("target");
        await WriteAsync(Client(source), _names.Ledger, [.. Rows()]);
        await WriteAsync(Client(source), _names.Keys, [new TableEntity("k", "r") { ["Name"] = "key" }]);

        var there = new TableCopy(Client(source), Account, _names);
        await RunAsync(there);
        var back = new TableCopy(Account, Client(target), _names);
        await RunAsync(back);

        there.Copied.ShouldBe(Rows().Count() + 1);
        back.Copied.ShouldBe(there.Copied);
        var rows = await ReadAsync(Client(target), _names.Ledger);
        rows.ShouldBe(await ReadAsync(Client(source), _names.Ledger));
        rows.ShouldContain(
            "all|types|Big:Int64=9007199254740993|Binary:Byte[]=AAEC/w==|False:Boolean=False|Fraction:Double=0.1|"
            + "Id:Guid=6f9619ff-8b86-d011-b42d-00c04fc964ff|Small:Int32=-7|Text:String=it's \"ünïcödé\" 😀|"
            + "Time:DateTimeOffset=2026-03-31T23:58:00.1234567+00:00|True:Boolean=True|Whole:Double=3");
    }

    [Fact]
    public async Task Copy_CutOff_WritesWhatIsMissing()
    {
        using var source = Database("source");
        await WriteAsync(Client(source), _names.Ledger, [.. Rows()]);
        await WriteAsync(Account, _names.Ledger, [.. Rows().Where((_, index) => index % 3 is 1)]);
        var had = Rows().Where((_, index) => index % 3 is 1).Count();

        var copy = new TableCopy(Client(source), Account, _names);
        var counts = await copy.CopyAsync(_names.Ledger, CancellationToken.None);

        counts.ShouldBe((Rows().Count() - had, had));
        (await ReadAsync(Account, _names.Ledger)).ShouldBe(await ReadAsync(Client(source), _names.Ledger));
        (await Should.ThrowAsync<LocalSetupException>(() => copy.RequireEmptyTargetAsync(CancellationToken.None)))
            .Message.ShouldBe($"The target is not empty, its table {_names.Ledger} has entities: name an empty target, or "
                + "give --resume to go on with a copy of this source that was cut off.");
    }

    [Theory]
    [InlineData("a", "1", "one", false)]
    [InlineData("a", "2", "two", true)]
    [InlineData("a", "1", "another", true)]
    [InlineData("0", "0", "before all", true)]
    [InlineData("b", "0", "after all", true)]
    public async Task Copy_OntoWhatTheSourceDoesNotHave_ChangesNothingThere(
        string partition, string row, string text, bool isRefused)
    {
        using var source = Database("source");
        await WriteAsync(Client(source), _names.Usage, [new TableEntity("a", "1") { ["Text"] = "one" }]);
        await WriteAsync(Account, _names.Usage, [new TableEntity(partition, row) { ["Text"] = text }]);
        var before = await ReadAsync(Account, _names.Usage);

        var copy = new TableCopy(Client(source), Account, _names);
        Func<Task> run = () => copy.CopyAsync(_names.Usage, CancellationToken.None);

        if (isRefused)
        {
            (await Should.ThrowAsync<LocalSetupException>(run)).Message.ShouldContain($"'{partition}', '{row}'");
            before.ShouldBeSubsetOf(await ReadAsync(Account, _names.Usage));
        }
        else
        {
            await run();
        }
    }

    [Theory]
    [InlineData(60, true)]
    [InlineData(120, false)]
    public async Task Account_WithSignsOfLife_IsNoSource(int secondsAgo, bool isRefused)
    {
        var now = TimeProvider.System.GetUtcNow();
        var instances = new TableInstanceStore(azurite.Account(_names));
        await instances.BeatAsync("one", now.AddSeconds(-secondsAgo), null, CancellationToken.None);
        using var end = TableEnd.Open(azurite.Connection, new ConfigurationBuilder().Build(), isSource: true);

        Func<Task> check = () => end.RequireQuietAsync(_names, now, CancellationToken.None);

        if (isRefused)
        {
            (await Should.ThrowAsync<LocalSetupException>(check)).Message.ShouldStartWith("The instance one works on");
        }
        else
        {
            await check();
        }
    }

    [Fact]
    public async Task Folder_WhoseQueueIsNotEmpty_IsRefused()
    {
        Database("tables").Dispose();
        var options = new BrokerOptions
        {
            DataFolder = DataFolder.BrokerOf(_folder.Path), Queues = [new QueueOptions("activity")],
        };
        await using (var broker = await ServiceBusBroker.StartAsync(options, TimeProvider.System, Silence))
        {
            await using var client = new Azure.Messaging.ServiceBus.ServiceBusClient(broker.ConnectionString);
            await client.CreateSender("activity").SendMessageAsync(new("a record"));
        }

        var run = new CopyRun(_folder.Path, azurite.Connection, resume: false, _ => { });

        (await Should.ThrowAsync<LocalSetupException>(() => run.CopyAsync(CancellationToken.None)))
            .Message.ShouldStartWith("1 record waits in the queue of ");
    }

    private static Microsoft.Extensions.Logging.ILoggerFactory Silence =>
        Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance;

    /// <summary>
    /// Entities of every type, three transactions' worth in one partition, more bytes than one transaction takes, and
    /// keys whose order differs between UTF-16, UTF-8 and languages.
    /// </summary>
    private static IEnumerable<TableEntity> Rows()
    {
        yield return new TableEntity("all", "types")
        {
            ["Text"] = "it's \"ünïcödé\" 😀", ["Small"] = -7, ["Big"] = 9007199254740993L, ["Fraction"] = 0.1,
            ["Whole"] = 3.0, ["True"] = true, ["False"] = false, ["Binary"] = (byte[])[0, 1, 2, 255],
            ["Time"] = new DateTimeOffset(2026, 3, 31, 23, 58, 0, TimeSpan.Zero).AddTicks(1234567),
            ["Id"] = Guid.Parse("6f9619ff-8b86-d011-b42d-00c04fc964ff"),
        };
        for (var row = 0; row < 250; row++)
        {
            yield return new TableEntity("many", $"{row:000}") { ["Row"] = row };
        }

        for (var row = 0; row < 10; row++)
        {
            var large = new TableEntity("large", $"{row}");
            for (var part = 0; part < 14; part++)
            {
                large[$"Part{part}"] = new string('x', 32_000);
            }

            yield return large;
        }

        foreach (var key in (string[])["A", "a", "Z", "_", "é", "\uFF5E", "😀", "aa", "a b", "a'b", "%41", "ﬀ"])
        {
            yield return new TableEntity(key, "1") { ["Key"] = key };
            yield return new TableEntity("keys", key) { ["Key"] = key };
        }
    }

    private static TableServiceClient Client(TableDatabase database) => database.Connect(TableProfiles.Patient);

    private static async Task RunAsync(TableCopy copy)
    {
        await copy.RequireEmptyTargetAsync(CancellationToken.None);
        foreach (var table in copy.Tables)
        {
            await copy.CopyAsync(table, CancellationToken.None);
        }
    }

    private static async Task WriteAsync(TableServiceClient service, string table, IReadOnlyList<TableEntity> rows)
    {
        await service.CreateTableIfNotExistsAsync(table);
        foreach (var row in rows)
        {
            await service.GetTableClient(table).AddEntityAsync(row);
        }
    }

    /// <summary>Each entity as one text: keys, then the properties by name, each with its type.</summary>
    private static async Task<IReadOnlyList<string>> ReadAsync(TableServiceClient service, string table) =>
        await service.GetTableClient(table).QueryAsync<TableEntity>((string?)null).Select(Text).ToListAsync();

    private static string Text(TableEntity row)
    {
        var own = row.Where(property => property.Key is not ("PartitionKey" or "RowKey" or "Timestamp" or "odata.etag"))
            .OrderBy(property => property.Key, StringComparer.Ordinal)
            .Select(property => $"{property.Key}:{property.Value.GetType().Name}={Text(property.Value)}");
        return string.Join('|', [row.PartitionKey, row.RowKey, .. own]);
    }

    private static string Text(object value) => value switch
    {
        byte[] bytes => Convert.ToBase64String(bytes),
        DateTimeOffset time => time.ToString("O"),
        IFormattable number => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private TableDatabase Database(string name) => TableDatabase.Open(
        new TableDatabaseOptions(name is "tables" ? DataFolder.TablesOf(_folder.Path) : Path.Combine(_folder.Path, name)));
}
