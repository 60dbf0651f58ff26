using Freeway.Adapters.ActivityLog;
using Freeway.Adapters.Tables;
using Freeway.Gateway.ActivityLog;
using Freeway.Tests.Shared;

namespace Freeway.Adapters.Tests.ActivityLog;

public abstract class TableResetLogTests(TablesFixture azurite)
{
    private static readonly DateOnly Day = new(2026, 5, 29);
    private static readonly DateTimeOffset Midnight = new(2026, 5, 30, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Change_NewDay_IsKeptWhole()
    {
        var log = Log();

        await log.ChangeAsync(Day, reset => reset.Begin(Midnight.AddSeconds(2)), default);
        await log.ChangeAsync(Day, reset => reset.End(Midnight.AddSeconds(2), Midnight.AddSeconds(9), orgs: 4, failed: 0, rows: 3), default);

        var reset = await log.FindAsync(Day, default);
        reset.ShouldBe(new ResetRecord(Day)
        {
            FirstRunAt = Midnight.AddSeconds(2),
            LastRunAt = Midnight.AddSeconds(2),
            ClosedAt = Midnight.AddSeconds(9),
            Runs = 1,
            Orgs = 4,
        });
        reset!.Late.ShouldBe(TimeSpan.FromSeconds(2));
        (await log.FindAsync(Day.AddDays(1), default)).ShouldBeNull();
    }

    [Fact]
    public async Task Change_ManyRunsAtOnce_LosesNone()
    {
        var log = Log();

        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => log.ChangeAsync(Day, reset => reset.Begin(Midnight.AddSeconds(i)), default)));

        (await log.FindAsync(Day, default))!.Runs.ShouldBe(10);
    }

    [Fact]
    public async Task List_SeveralDays_PagesFromTheNewest()
    {
        var log = Log();
        foreach (var offset in new[] { 2, 0, 1, -400 })
        {
            await log.ChangeAsync(Day.AddDays(offset), reset => reset.Begin(Midnight), default);
        }

        (await log.ListAsync(2, null, default)).Select(reset => reset.Day).ShouldBe([Day.AddDays(2), Day.AddDays(1)]);
        (await log.ListAsync(9, Day.AddDays(1), default)).Select(reset => reset.Day).ShouldBe([Day, Day.AddDays(-400)]);
    }

    private TableResetLog Log() => new(azurite.Account(), new OptimisticWrite(new Backoff(TimeProvider.System, new Random(1))));
}

public sealed class TableResetLogTestsOnAzurite(AzuriteFixture tables) : TableResetLogTests(tables), IClassFixture<AzuriteFixture>;

public sealed class TableResetLogTestsOnEmbeddedTables(EmbeddedTablesFixture tables) : TableResetLogTests(tables), IClassFixture<EmbeddedTablesFixture>;
