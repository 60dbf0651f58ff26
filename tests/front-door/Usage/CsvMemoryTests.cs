using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.ActivityLog;
using Microsoft.Extensions.DependencyInjection;

namespace Freeway.FrontDoor.Tests.Usage;

/// <summary>Measured with nothing else running in this process.</summary>
[Collection(nameof(Alone))]
public sealed class CsvMemoryTests
{
    private const int Records = 100_000;

    /// <summary>Looks in a row that must find no new page: 400 ms of them.</summary>
    private const int LooksAtRest = 16;

    [Fact]
    public async Task Csv_OfAHundredThousandRecords_HoldsAPieceOfThemAtATime()
    {
        var activity = new EndlessActivity(Records);
        await using var gateway = await TestGateway.StartAsync(services: services => services.AddSingleton<IActivityStore>(activity));
        using var response = await gateway.AskCsvAsync("api/v1/activity");
        await using var body = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[64 * 1024];
        var (read, lines, most) = (0L, 0L, 0L);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        for (var next = 1_000_000L; await body.ReadAsync(buffer) is > 0 and var count;)
        {
            (read, lines) = (read + count, lines + buffer.AsSpan(0, count).Count((byte)'\n'));
            if (read > next)
            {
                next += 4_000_000;
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
            }
        }

        lines.ShouldBe(Records + 1);
        read.ShouldBeGreaterThan(20_000_000);
        most.ShouldBeLessThan(10_000_000, $"{most} bytes held of {read}");
    }

    [Fact]
    public async Task Csv_ForAReaderWhoWaits_WaitsToo()
    {
        var activity = new EndlessActivity(long.MaxValue);
        await using var gateway = await TestGateway.StartAsync(services: services => services.AddSingleton<IActivityStore>(activity));
        using var response = await gateway.AskCsvAsync("api/v1/activity");
        await using var body = await response.Content.ReadAsStreamAsync();
        await body.ReadExactlyAsync(new byte[1000]);

        // What the sockets hold is soon full; then the reading of pages comes to rest.
        var (pages, same) = (-1, 0);
        await Eventually.TrueAsync(() =>
        {
            (same, pages) = (activity.Pages == pages ? same + 1 : 0, activity.Pages);
            return Task.FromResult(same >= LooksAtRest);
        });

        activity.Pages.ShouldBeLessThan(200);
    }
}
