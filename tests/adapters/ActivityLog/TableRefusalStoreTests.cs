using Azure.Data.Tables;
using Freeway.Adapters.ActivityLog;
using Freeway.Adapters.Tables;
using Freeway.Gateway.ActivityLog;
using Freeway.Tests.Shared;
using static Freeway.Tests.Shared.ActivitySamples;

namespace Freeway.Adapters.Tests.ActivityLog;

public abstract class TableRefusalStoreTests(TablesFixture azurite) : RefusalStoreContract
{
    /// <summary>How often counts are saved; <c>FREEWAY_LONG=1</c> makes it more.</summary>
    private static readonly int Saves = Environment.GetEnvironmentVariable("FREEWAY_LONG") is "1" ? 100 : 10;

    protected override IRefusalStore NewStore() => Store(azurite.Account());

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Save_AnswersLostAndWritesLandingLate_CountsNeverFall(int seed)
    {
        var names = AzuriteFixture.NewNames();
        using var transport = new FaultyTransport(seed, FaultRates.None);
        var store = Store(azurite.Account(names, transport), seed);
        await store.SaveAsync("one", "acme", [new(Key(), 1)], default);
        transport.Rates = new FaultRates { LoseAnswer = 0.15, NeverSend = 0.1, LandLate = 0.25, Busy = 0.1 };

        var saved = 1L;
        for (var count = 2; count <= Saves; count++)
        {
            try
            {
                await store.SaveAsync("one", "acme", [new(Key(), count), new(Key(1), count)], default);
                saved = count;
            }
            catch (IOException)
            {
                // Then the next save brings it in.
            }
        }

        transport.Rates = FaultRates.None;
        await transport.SettleAsync();
        transport.Faults.ShouldBeGreaterThan(0);
        var counts = await AllAsync(Store(azurite.Account(names)), new RefusalQuery());
        counts.Count.ShouldBe(2);
        counts.ShouldAllBe(count => count.Count >= saved && count.Count <= Saves);
    }

    [Fact]
    public async Task Save_BesideRecords_SharesTheMonthsPartitionAndNoRows()
    {
        var account = azurite.Account();
        var activity = new TableActivityStore(account, new Backoff(TimeProvider.System, new Random(1)), new ManualTime(Noon.AddDays(2)));
        await activity.AppendAsync("acme", [Record(1)], default);
        await Store(account).SaveAsync("one", "acme", [new(Key(), 3)], default);

        (await activity.QueryAsync("acme", new ActivityQuery(), default)).Records.ShouldHaveSingleItem();
        (await AllAsync(Store(account), new RefusalQuery())).ShouldHaveSingleItem();
        var table = await account.PatientAsync(account.Names.Activity, default);
        var row = (await table.QueryAsync<TableEntity>(row => row.PartitionKey == "acme|2026-05").ToListAsync())
            .Single(row => row.RowKey.StartsWith("refusal|", StringComparison.Ordinal));
        row["Code"].ShouldBe("free_quota_exceeded");
        row["Count"].ShouldBe(3L);
    }

    private static TableRefusalStore Store(StorageAccount account, int seed = 1) =>
        new(account, new OptimisticWrite(new Backoff(TimeProvider.System, new Random(seed))), new ManualTime(Noon.AddDays(2)));
}

public sealed class TableRefusalStoreTestsOnAzurite(AzuriteFixture tables) : TableRefusalStoreTests(tables), IClassFixture<AzuriteFixture>;

public sealed class TableRefusalStoreTestsOnEmbeddedTables(EmbeddedTablesFixture tables) : TableRefusalStoreTests(tables), IClassFixture<EmbeddedTablesFixture>;
