using Azure.Data.Tables;
using Freeway.Adapters.ActivityLog;
using Freeway.Adapters.Ledger;
using Freeway.Adapters.Tables;
using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Operations.Reconciliation;
using Freeway.Tests.Shared;
using Freeway.Tests.Shared.Ledger;

namespace Freeway.Adapters.Tests.Reconciliation;

/// <summary>The same on Table Storage, with connections that break.</summary>
public abstract class TableBooksTests(TablesFixture azurite)
{
    private static readonly DateTimeOffset BeforeMidnight = new(2026, 5, 31, 23, 58, 50, TimeSpan.Zero);
    private static readonly bool Long = Environment.GetEnvironmentVariable("FREEWAY_LONG") is "1";

    /// <summary><c>FREEWAY_LONG=1</c> makes it forty times as many requests.</summary>
    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public async Task Books_ComparedAndRepairedWhileConnectionsBreak_NeverSeemWrongAndAddUp(int seed, bool kills)
    {
        var names = AzuriteFixture.NewNames();
        var transports = new List<FaultyTransport>();
        StorageAccount Account(int index)
        {
            var transport = new FaultyTransport((seed * 100) + index, index is 99 ? FaultRates.None : new FaultRates(0.1, 0.05, 0.1, 0.05));
            lock (transports)
            {
                transports.Add(transport);
            }

            return azurite.Account(names, transport);
        }

        var (sound, faulty) = (azurite.Account(names), Account(50));
        using var world = new BooksWorld(
            index => new TableLedgerStore(Account(index)), index => new TableInstanceStore(Account(index)), Activity(faulty, seed), Usage(faulty, seed), BeforeMidnight, seed);
        var race = new BooksRace(world, Activity(sound, seed), Usage(sound, seed), async () =>
        {
            foreach (var transport in transports.ToArray())
            {
                await transport.SettleAsync();
            }
        })
        { Kills = kills, Callers = 4, Requests = Long ? 160 : 4 };

        await race.RunAsync();
        lock (transports)
        {
            transports.ForEach(transport => transport.Rates = FaultRates.None);
        }

        race.Reports.ShouldNotBeEmpty();
        await race.ShouldAddUpAsync();
    }

    [Fact]
    public async Task Sums_ThatAreWrong_AreCorrectedOnlyWhileTheyAreWhatWasSeen()
    {
        var account = azurite.Account();
        var store = Activity(account, 1);
        await store.AppendAsync("acme", [ActivitySamples.Record(1), ActivitySamples.Record(3)], default);
        var day = DateOnly.FromDateTime(ActivitySamples.Noon.UtcDateTime);
        var sum = (await store.SumsAsync("acme", day, default)).ShouldHaveSingleItem();

        (await store.TryCorrectAsync(sum with { Requests = 9 }, sum with { Requests = 1 }, default)).ShouldBeFalse();
        (await store.TryCorrectAsync(sum with { Requests = 9 }, null, default)).ShouldBeFalse();
        (await store.TryCorrectAsync(sum with { Requests = 9 }, sum, default)).ShouldBeTrue();
        (await store.SumsAsync("acme", day, default)).ShouldHaveSingleItem().Requests.ShouldBe(9);
        (await store.TryCorrectAsync(sum with { Key = "new" }, null, default)).ShouldBeTrue();

        var usage = Usage(account, 1);
        (await usage.TryCorrectAsync(sum, null, default)).ShouldBeTrue();
        (await usage.TryCorrectAsync(sum with { Requests = 1 }, sum, default)).ShouldBeTrue("what a closing may only raise");
        (await usage.ListAsync("acme", day, day, default)).ShouldHaveSingleItem().Requests.ShouldBe(1);
    }

    [Fact]
    public async Task Counter_ChangedInTheTable_IsFoundAndRepaired()
    {
        var account = azurite.Account();
        using var world = new BooksWorld(
            _ => new TableLedgerStore(account), _ => new TableInstanceStore(account), Activity(account, 1), Usage(account, 1), BeforeMidnight.AddHours(-3), 7);
        var process = world.Process();
        await world.TopUpAsync(process, 100_000_000);
        await world.RequestsAsync(process, 12);
        await world.DeliverAsync();
        (await world.CompareAsync()).ShouldBeClean();
        var table = await account.StrictAsync(account.Names.Ledger, default);
        var row = (await table.QueryAsync<TableEntity>(entity => entity.PartitionKey == BooksWorld.Org).ToListAsync()).Single(entity => entity.RowKey.StartsWith("quota|fastrouter-free.daily", StringComparison.Ordinal));
        var right = row.GetInt64("Used");
        row["Used"] = right + 5;
        await table.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace);

        var report = await world.CompareAsync(repair: true);

        report.Differences.ShouldHaveSingleItem().Certainty.ShouldBe(Certainty.Drift);
        (await table.GetEntityAsync<TableEntity>(row.PartitionKey, row.RowKey)).Value.GetInt64("Used").ShouldBe(right);
        (await world.CompareAsync()).ShouldBeClean();
    }

    private static TableActivityStore Activity(StorageAccount account, int seed) =>
        new(account, new Backoff(TimeProvider.System, new Random(seed)), new ManualTime(BeforeMidnight.AddDays(3)));

    private static TableUsageStore Usage(StorageAccount account, int seed) =>
        new(account, new OptimisticWrite(new Backoff(TimeProvider.System, new Random(seed))));
}

public sealed class TableBooksTestsOnAzurite(AzuriteFixture tables) : TableBooksTests(tables), IClassFixture<AzuriteFixture>;

public sealed class TableBooksTestsOnEmbeddedTables(EmbeddedTablesFixture tables) : TableBooksTests(tables), IClassFixture<EmbeddedTablesFixture>;
