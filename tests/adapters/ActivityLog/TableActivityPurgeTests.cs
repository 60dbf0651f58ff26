using Freeway.Adapters.ActivityLog;
using Freeway.Adapters.Tables;
using Freeway.Gateway.ActivityLog;
using Freeway.Tests.Shared;
using static Freeway.Tests.Shared.ActivitySamples;

namespace Freeway.Adapters.Tests.ActivityLog;

/// <summary>Months that go: all of them, whatever happens on the way, and never a sum that was not kept.</summary>
public abstract class TableActivityPurgeTests(TablesFixture azurite)
{
    private static readonly DateOnly May = new(2026, 5, 1);
    private static readonly DateTimeOffset April = new(2026, 4, 29, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Months_OfAnOrg_AreThoseBeforeThatHaveRows()
    {
        var account = azurite.Account();
        await Store(account).AppendAsync("acme", [Record(1, Noon), Record(2, April), Record(3, April.AddYears(-1)), Record(4, April.AddMonths(-2))], default);
        await Store(account).AppendAsync("acme|2", [Record(5, April, "acme|2")], default);
        await Store(account).AppendAsync("acm", [Record(6, April, "acm")], default);

        (await Purge(account).MonthsAsync("acme", May, default)).ShouldBe([new(2025, 4, 1), new(2026, 2, 1), new(2026, 4, 1)]);
        (await Purge(account).MonthsAsync("acme", new DateOnly(2026, 4, 1), default)).ShouldBe([new(2025, 4, 1), new(2026, 2, 1)]);
        (await Purge(account).MonthsAsync("nobody", May, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Drop_OfAMonth_TakesItWholeAndNothingElse()
    {
        var account = azurite.Account();
        await FillAsync(account, 330);
        await Store(account).AppendAsync("acme", [Record(9001, Noon)], default);
        var kept = new Dictionary<string, DailyUsage>();
        (await Purge(account).CountAsync("acme", new DateOnly(2026, 4, 1), default)).ShouldBe(new PurgedRows(330, 5, 6));

        var rows = await Purge(account).DropAsync("acme", new DateOnly(2026, 4, 1), sums => KeepAsync(kept, sums), default);

        rows.ShouldBe(new PurgedRows(330, 5, 6));
        kept.Values.Sum(sum => sum.Requests).ShouldBe(330);
        (await Purge(account).MonthsAsync("acme", May, default)).ShouldBeEmpty();
        (await Store(account).ReadAllAsync("acme", new ActivityQuery(1000))).ShouldHaveSingleItem().Id.ShouldBe("r009001");
        (await Purge(account).DropAsync("acme", new DateOnly(2026, 4, 1), _ => Task.CompletedTask, default)).ShouldBe(PurgedRows.None);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Drop_BesideAnotherAndOverBrokenConnections_TakesAllAndKeepsEverySum(int seed)
    {
        var names = AzuriteFixture.NewNames();
        await FillAsync(azurite.Account(names), 250);
        using var one = new FaultyTransport(seed, new FaultRates(0.1, 0.1, 0.1, 0.05));
        using var other = new FaultyTransport(seed + 10, new FaultRates(0.1, 0.1, 0.1, 0.05));
        var kept = new Dictionary<string, DailyUsage>();

        await Task.WhenAll(new[] { one, other }.Select(async transport =>
        {
            for (var done = false; !done;)
            {
                try
                {
                    await Purge(azurite.Account(names, transport), seed).DropAsync("acme", new DateOnly(2026, 4, 1), sums => KeepAsync(kept, sums), default);
                    done = true;
                }
                catch (IOException)
                {
                    // The next run does it.
                }
            }
        }));

        await one.SettleAsync();
        await other.SettleAsync();
        (one.Faults + other.Faults).ShouldBeGreaterThan(0);
        (await Purge(azurite.Account(names)).MonthsAsync("acme", May, default)).ShouldBeEmpty();
        kept.Values.Sum(sum => sum.Requests).ShouldBe(250);
    }

    [Fact]
    public async Task Drop_WithARecordThatComesLate_KeepsItsSumToo()
    {
        var account = azurite.Account();
        await FillAsync(account, 20);
        var kept = new Dictionary<string, DailyUsage>();
        var late = 0;

        await Purge(account).DropAsync(
            "acme", new DateOnly(2026, 4, 1),
            async sums =>
            {
                await KeepAsync(kept, sums);
                if (Interlocked.Increment(ref late) is 2)
                {
                    await Store(account).AppendAsync("acme", [Record(7001, April, model: "m0")], default);
                }
            },
            default);

        kept.Values.Sum(sum => sum.Requests).ShouldBe(21);
        (await Store(account).SumsAsync("acme", DateOnly.FromDateTime(April.UtcDateTime), default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Drop_WhoseSumsCannotBeKept_TakesNothing()
    {
        var account = azurite.Account();
        await FillAsync(account, 20);

        await Should.ThrowAsync<IOException>(() => Purge(account).DropAsync(
            "acme", new DateOnly(2026, 4, 1), _ => throw new IOException("The usage table is out of reach."), default));

        (await Purge(account).CountAsync("acme", new DateOnly(2026, 4, 1), default)).Records.ShouldBe(20);
    }

    private static async Task FillAsync(StorageAccount account, int records)
    {
        await Store(account).AppendAsync("acme", [.. Enumerable.Range(0, records).Select(i => Record(i, April.AddSeconds(i), model: $"m{i % 3}"))], default);
        await new TableRefusalStore(account, new OptimisticWrite(new Backoff(TimeProvider.System, new Random(1))), new ManualTime(Noon)).SaveAsync(
            "one", "acme", [.. Enumerable.Range(0, 5).Select(i => new RefusalCount(RefusalStoreContract.Key() with { Minute = April.AddMinutes(i) }, 1))], default);
    }

    private static Task KeepAsync(Dictionary<string, DailyUsage> kept, IReadOnlyList<DailyUsage> sums)
    {
        lock (kept)
        {
            foreach (var sum in sums)
            {
                var key = $"{sum.Day} {sum.Tier} {sum.Model} {sum.Key}";
                kept[key] = kept.TryGetValue(key, out var before) && before.Requests > sum.Requests ? before : sum;
            }
        }

        return Task.CompletedTask;
    }

    private static TableActivityPurge Purge(StorageAccount account, int seed = 1) => new(account, new Backoff(TimeProvider.System, new Random(seed)));

    private static TableActivityStore Store(StorageAccount account) =>
        new(account, new Backoff(TimeProvider.System, new Random(1)), new ManualTime(Noon.AddDays(2)));
}

public sealed class TableActivityPurgeTestsOnAzurite(AzuriteFixture tables) : TableActivityPurgeTests(tables), IClassFixture<AzuriteFixture>;

public sealed class TableActivityPurgeTestsOnEmbeddedTables(EmbeddedTablesFixture tables) : TableActivityPurgeTests(tables), IClassFixture<EmbeddedTablesFixture>;
