using Freeway.Adapters.ActivityLog;
using Freeway.Adapters.Tables;
using Freeway.Gateway.ActivityLog;
using Freeway.Tests.Shared;

namespace Freeway.Adapters.Tests.ActivityLog;

public abstract class TableUsageStoreTests(TablesFixture azurite)
{
    private static readonly DateOnly Day = new(2026, 5, 29);

    [Fact]
    public async Task Save_SameSumsTwice_ChangesNothingTheSecondTime()
    {
        var store = Store(azurite.Account());
        DailyUsage[] sums = [Sum("demo/echo", "free", 3), Sum("demo/echo", "paid", 4), Sum("a|b", "free", 5), Sum("a|b", "free", 6, "k2")];

        (await store.SaveAsync("acme", Day, sums, default)).ShouldBe(4);
        (await store.SaveAsync("acme", Day, sums, default)).ShouldBe(0);

        (await store.ListAsync("acme", Day, Day, default)).ShouldBe(sums, ignoreOrder: true);
        (await store.ListAsync("other", Day, Day, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Save_OlderSumsAfterNewer_LeavesTheNewer()
    {
        var store = Store(azurite.Account());
        await store.SaveAsync("acme", Day, [Sum("m", "free", 7)], default);

        (await store.SaveAsync("acme", Day, [Sum("m", "free", 6)], default)).ShouldBe(0);
        (await store.SaveAsync("acme", Day, [Sum("m", "free", 8)], default)).ShouldBe(1);

        (await store.ListAsync("acme", Day, Day, default)).ShouldHaveSingleItem().ShouldBe(Sum("m", "free", 8));
    }

    [Fact]
    public async Task Save_FromManySidesUnderFaults_EndsAtTheNewest()
    {
        var names = AzuriteFixture.NewNames();
        using var transport = new FaultyTransport(11, FaultRates.None);
        var account = azurite.Account(names, transport);
        var store = Store(account);
        await store.SaveAsync("acme", Day, [Sum("m", "free", 1)], default);
        transport.Rates = new FaultRates(LoseAnswer: 0.1, LandLate: 0.1);

        await Task.WhenAll(Enumerable.Range(1, 12).Select(async requests =>
        {
            for (var done = false; !done;)
            {
                try
                {
                    await store.SaveAsync("acme", Day, [Sum("m", "free", requests), Sum("n", "gift", requests)], default);
                    done = true;
                }
                catch (IOException)
                {
                    // As the closer does: again.
                }
            }
        }));

        transport.Rates = FaultRates.None;
        await transport.SettleAsync();
        (await store.ListAsync("acme", Day, Day, default)).ShouldBe([Sum("m", "free", 12), Sum("n", "gift", 12)]);
    }

    [Fact]
    public async Task List_SeveralDays_GoesFromOldToNew()
    {
        var store = Store(azurite.Account());
        foreach (var offset in new[] { 3, -40, 0, 1 })
        {
            await store.SaveAsync("acme", Day.AddDays(offset), [Sum("m", "free", 1) with { Day = Day.AddDays(offset) }], default);
        }

        (await store.ListAsync("acme", Day.AddDays(-40), Day.AddDays(1), default)).Select(sum => sum.Day)
            .ShouldBe([Day.AddDays(-40), Day, Day.AddDays(1)]);
    }

    [Fact]
    public async Task Save_MoreModelsThanATransactionHolds_SavesThemAll()
    {
        var store = Store(azurite.Account());
        var sums = Enumerable.Range(0, 230).Select(i => Sum($"m{i}", "free", i + 1)).ToArray();

        (await store.SaveAsync("acme", Day, sums, default)).ShouldBe(230);

        (await store.ListAsync("acme", Day, Day, default)).ShouldBe(sums, ignoreOrder: true);
    }

    private static DailyUsage Sum(string model, string tier, long requests, string key = "k1") =>
        new("acme", Day, model, tier, key) { Requests = requests, PromptTokens = 10 * requests, CostNanos = 100 * requests };

    private static TableUsageStore Store(StorageAccount account) => new(account, new OptimisticWrite(new Backoff(TimeProvider.System, new Random(1))));
}

public sealed class TableUsageStoreTestsOnAzurite(AzuriteFixture tables) : TableUsageStoreTests(tables), IClassFixture<AzuriteFixture>;

public sealed class TableUsageStoreTestsOnEmbeddedTables(EmbeddedTablesFixture tables) : TableUsageStoreTests(tables), IClassFixture<EmbeddedTablesFixture>;
