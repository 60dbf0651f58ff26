using Freeway.Tests.Shared;
using Freeway.Tests.Shared.Ledger;

namespace Freeway.Gateway.Tests.Operations.Reconciliation;

public sealed class BooksRaceTests
{
    private static readonly DateTimeOffset BeforeMidnight = new(2026, 5, 31, 23, 58, 50, TimeSpan.Zero);

    [Theory]
    [InlineData(1, 0, false)]
    [InlineData(2, 0, true)]
    [InlineData(3, 0.08, false)]
    [InlineData(4, 0.08, true)]
    [InlineData(5, 0.15, true)]
    [InlineData(6, 0.15, true)]
    public async Task Books_ComparedAndRepairedWhileEverythingGoesWrong_NeverSeemWrongAndAddUp(int seed, double faults, bool kills)
    {
        var (ledger, instances, activity, usage) = (new InMemoryLedgerStore(), new InMemoryInstanceStore(), new MemoryActivityStore(), new MemoryUsageStore());
        using var world = new BooksWorld(_ => ledger, _ => instances, activity, usage, BeforeMidnight, seed);
        var race = new BooksRace(world, activity, usage, () => Task.CompletedTask) { Faults = FaultRates.All(faults), Kills = kills };

        await race.RunAsync();

        race.Reports.ShouldNotBeEmpty();
        await race.ShouldAddUpAsync();
    }
}
