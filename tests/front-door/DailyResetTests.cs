using Azure.Data.Tables;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.ActivityLog;
using Microsoft.Extensions.DependencyInjection;

namespace Freeway.FrontDoor.Tests;

/// <summary>"What must work", 4: the timer function closes the day, late and twice, with the same result.</summary>
public sealed class DailyResetTests
{
    private static readonly DateOnly Day = DateOnly.FromDateTime(TestGateway.Noon.UtcDateTime);

    [Fact]
    public async Task DailyReset_LateAndTwice_ClosesThePastDayTheSame()
    {
        await using var gateway = await TestGateway.StartAsync();
        for (var i = 0; i < 3; i++)
        {
            using var response = await gateway.ChatAsync(i is 0 ? "demo/paid" : "demo/echo:free");
            await response.Content.ReadAsStringAsync();
        }

        await gateway.ActivityAsync(3);
        gateway.Clock.MoveOn(TimeSpan.FromHours(15));

        await gateway.Host.RunTimerAsync("DailyReset");
        var first = await UsageAsync(gateway);
        await gateway.Host.RunTimerAsync("DailyReset");

        first.Select(row => (row.RowKey, row.GetInt64("Requests"))).ShouldBe([
            ("2026-05-29|free|demo!2fecho", 2L), ("2026-05-29|paid|demo!2fpaid", 1L),
        ]);
        (await UsageAsync(gateway)).Select(row => row.ETag).ShouldBe(first.Select(row => row.ETag), "nothing was written again");
        var reset = (await gateway.Host.Services.GetRequiredService<IResetLog>().FindAsync(Day, default))!;
        reset.Orgs.ShouldBe(1);
        reset.Runs.ShouldBeGreaterThanOrEqualTo(2);
        reset.Corrections.ShouldBe(0);
        reset.Late!.Value.ShouldBeInRange(TimeSpan.Zero, TimeSpan.FromHours(3.5));
        reset.ClosedAt.ShouldNotBeNull();
    }

    private static ValueTask<List<TableEntity>> UsageAsync(TestGateway gateway) =>
        gateway.Table(names => names.Usage).QueryAsync<TableEntity>().ToListAsync();
}
