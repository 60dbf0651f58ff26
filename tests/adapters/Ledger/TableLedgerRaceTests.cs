using Freeway.Adapters.Ledger;
using Freeway.Adapters.Tables;
using Freeway.Gateway.Core;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;
using Freeway.Tests.Shared;
using Freeway.Tests.Shared.Ledger;

namespace Freeway.Adapters.Tests.Ledger;

public abstract class TableLedgerRaceTests(TablesFixture azurite)
{
    [Fact]
    public async Task Race_FourLedgersForAQuotaOfTen_AdmitTenInEveryRound()
    {
        var account = azurite.Account();
        var time = new SharedTime(new DateTimeOffset(2026, 5, 29, 12, 0, 0, TimeSpan.Zero));
        List<LedgerProcess> processes = [.. Enumerable.Range(0, 4).Select(index => new LedgerProcess(
            new TableLedgerStore(account),
            new TableInstanceStore(account),
            new InMemoryActivityQueue(),
            new SkewedClock(time, TimeSpan.Zero),
            index))];
        for (var round = 0; round < 15; round++)
        {
            var limit = RaceScenario.DailyLimit(10, $"demo/echo-{round}");

            var decisions = await Task.WhenAll(Enumerable.Range(0, 200).Select(index => processes[index % 4].Ledger.ReserveAsync(
                "acme", $"{round}-{index}", [new Claim(limit, 1)], LedgerAudit.Record($"{round}-{index}", [0]), CancellationToken.None)));

            decisions.Count(decision => decision.Accepted(out _, out _)).ShouldBe(10);
            foreach (var decision in decisions)
            {
                if (!decision.Accepted(out _, out var refusal))
                {
                    refusal.Code.ShouldBe(RefusalCode.FreeQuotaExceeded);
                }
            }
        }

        processes.ForEach(process => process.Dispose());
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(4, true)]
    public async Task Race_FaultyConnections_AddsUp(int seed, bool kills)
    {
        var names = AzuriteFixture.NewNames();
        var transports = new List<FaultyTransport>();
        var account = (int index) =>
        {
            var transport = new FaultyTransport((seed * 100) + index, index is 99 ? FaultRates.None : new FaultRates(0.2, 0.1, 0.2, 0.1));
            lock (transports)
            {
                transports.Add(transport);
            }

            return azurite.Account(names, transport);
        };
        var scenario = new RaceScenario(seed)
        {
            Callers = 10,
            Requests = 2,
            Cancels = 0.2,
            Kills = kills,
            RollsOver = true,
            Skew = TimeSpan.FromSeconds(5),
            Limits = [RaceScenario.DailyLimit(15), RaceScenario.MinuteLimit(12), RaceScenario.Limit(LimitUnit.ConcurrentRequests, 6, LimitWindow.None)],
            Gifts = [RaceScenario.Limit(LimitUnit.Tokens, 80, LimitWindow.Month, "gift")],
            Paid = [Account.Prepaid, Account.OrgCeiling(900)],
            MostTokens = 20,
            TopUps = 4,
            TopUp = 250,
            Repeats = 0.3,
        };
        using var race = new LedgerRace(
            scenario,
            index => new TableLedgerStore(account(index)),
            index => new TableInstanceStore(account(index)),
            async () =>
            {
                foreach (var transport in transports.ToArray())
                {
                    await transport.SettleAsync();
                }
            },
            FaultRates.None);

        await race.RunAsync();

        race.Errors().ShouldBeEmpty();
        var store = new TableLedgerStore(azurite.Account(names));
        foreach (var row in await store.ListQuotasAsync(LedgerRace.Org, CancellationToken.None))
        {
            row.Reserved.ShouldBe(0, row.ToString());
            row.Leases.Count.ShouldBe(0, row.ToString());
            row.Used.ShouldBeLessThanOrEqualTo(row.Limit, row.ToString());
        }

        var charged = race.Queue.Accepted.Values.Sum(records => records.First().CostNanos);
        var money = (await store.ReadQuotasAsync(LedgerRace.Org, [new QuotaKey(Account.Source, "*")], CancellationToken.None))[0];
        (money.Used, money.Limit % scenario.TopUp).ShouldBe((charged, 0));
        money.Limit.ShouldBeGreaterThanOrEqualTo(race.Bought.Count * scenario.TopUp);

        var table = await azurite.Account(names).StrictAsync(names.Ledger, CancellationToken.None);
        (await table.QueryAsync<Azure.Data.Tables.TableEntity>("RowKey ge 'request' and RowKey lt 'requesu'").CountAsync()).ShouldBe(0);
        transports.Sum(transport => transport.Faults).ShouldBeGreaterThan(10);
        transports.ForEach(transport => transport.Dispose());
    }
}

public sealed class TableLedgerRaceTestsOnAzurite(AzuriteFixture tables) : TableLedgerRaceTests(tables), IClassFixture<AzuriteFixture>;

public sealed class TableLedgerRaceTestsOnEmbeddedTables(EmbeddedTablesFixture tables) : TableLedgerRaceTests(tables), IClassFixture<EmbeddedTablesFixture>;
