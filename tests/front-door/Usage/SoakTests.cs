using System.Text.Json;
using Azure.Core.Pipeline;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Runner.Loopback;
using Freeway.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace Freeway.FrontDoor.Tests.Usage;

/// <summary>
/// A mixed load over connections that break, with upstreams that fail, callers who leave, a midnight that passes and days that
/// are closed meanwhile: afterwards records, sums, counters and account say the same. <c>FREEWAY_LONG=1</c> makes it long.
/// </summary>
public sealed class SoakTests
{
    private static readonly bool Long = Environment.GetEnvironmentVariable("FREEWAY_LONG") is "1";

    private static readonly string[] Mix =
    [
        "demo/echo:free", "demo/paid", "demo/echo", "demo/echo:flex", "sarvam/sarvam-30b:free", "sarvam/sarvam-105b:free", "demo/nobody", "demo/paid:free", "auto:free",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Books_AfterEverythingWentWrong_ShowNoDrift(int seed)
    {
        using var storage = new FaultyTransport(seed, FaultRates.None);
        await using var gateway = await TestGateway.StartAsync(
            request => (request.Chat?.UserText ?? "") switch
            {
                "fail" => new LoopbackScript { Error = 500 },
                "reject" => new LoopbackScript { Error = 422 },
                _ => null,
            },
            at: new DateTimeOffset(2026, 5, 31, 23, 59, 0, TimeSpan.Zero),
            runTimers: false,
            services: services => services.AddSingleton<HttpPipelineTransport>(storage));
        using var admin = gateway.Client(gateway.Host.AdminKey);
        storage.Rates = new FaultRates(0.04, 0.04, 0.04, 0.02);
        var (callers, requests) = Long ? (16, 250) : (8, 14);
        var answered = 0;
        var load = Enumerable.Range(0, callers).Select(async caller =>
        {
            for (var request = 0; request < requests; request++)
            {
                await AskAsync(gateway, caller + (request * 7) + seed, request);
                Interlocked.Increment(ref answered);
            }
        }).ToList();

        await Eventually.TrueAsync(() => Task.FromResult(Volatile.Read(ref answered) >= callers * requests / 2));
        gateway.Clock.MoveTo(new DateTimeOffset(2026, 6, 1, 0, 0, 5, TimeSpan.Zero));
        await CloseAsync(gateway);
        await Task.WhenAll(load);
        storage.Rates = FaultRates.None;
        await storage.SettleAsync();
        await CloseAsync(gateway);

        // Whatever the jump of the clock and the broken connections left to a dead instance is finished by recovery.
        gateway.Clock.MoveOn(TimeSpan.FromSeconds(100));
        var left = await Eventually.GetAsync(
            async () =>
            {
                await gateway.Host.RunTimerAsync("LedgerRecovery");
                return (await gateway.LedgerAsync("request|")).Select(row => $"{row.RowKey} {row.GetString("State")}").ToList();
            },
            rows => rows.Count is 0);
        left.ShouldBeEmpty();
        var report = await Eventually.GetAsync(
            async () =>
            {
                // What came off the queue since is taken up by the next closing.
                await CloseAsync(gateway);
                return await gateway.GetAsync("api/v1/admin/reconciliations?days=40", admin);
            },
            seen => seen.GetProperty("in_flight").GetInt32() + seen.GetProperty("busy").GetInt32() is 0);

        storage.Faults.ShouldBeGreaterThan(0);
        gateway.Host.Broker!.Depth("activity").DeadLettered.ShouldBe(0);
        report.GetProperty("drift").GetInt32().ShouldBe(0, report.GetRawText());
        report.GetProperty("checked").GetInt32().ShouldBeGreaterThan(6);
        var records = await gateway.CsvAsync("api/v1/activity");
        var days = (await gateway.GetAsync("api/v1/usage")).GetProperty("data").EnumerateArray().ToList();
        days.ToDictionary(day => day.GetProperty("period").GetString()!, day => day.GetProperty("requests").GetInt64())
            .ShouldBe(records.GroupBy(record => record["time"][..10]).ToDictionary(day => day.Key, day => (long)day.Count()), ignoreOrder: true);
        var spent = records.Sum(record => Usd(record["cost_usd"]));
        spent.ShouldBeGreaterThan(0);
        days.Sum(day => Usd(day.GetProperty("paid").GetProperty("cost_usd").GetString()!)).ShouldBe(spent);
        Usd((await gateway.GetAsync("api/v1/credits")).GetProperty("spent_usd").GetString()!).ShouldBe(spent);
    }

    private static async Task AskAsync(TestGateway gateway, int number, int request)
    {
        var text = (request % 11) switch { 3 => "fail", 7 => "reject", _ => "four words of text" };
        var stream = number % 2 is 0;
        using var leaves = new CancellationTokenSource(request % 13 is 5 ? TimeSpan.FromMilliseconds(number % 40) : Timeout.InfiniteTimeSpan);
        try
        {
            var json = JsonSerializer.Serialize(new { model = Mix[number % Mix.Length], stream, messages = new[] { new { role = "user", content = text } } });
            using var asked = new HttpRequestMessage(HttpMethod.Post, "api/v1/chat/completions") { Content = new StringContent(json, System.Text.Encoding.UTF8, "application/json") };
            using var response = await gateway.Http.SendAsync(asked, HttpCompletionOption.ResponseHeadersRead, leaves.Token);
            await response.Content.ReadAsByteArrayAsync(leaves.Token);
        }
        catch (Exception left) when (left is OperationCanceledException or HttpRequestException or IOException)
        {
            // The caller has left, or its answer broke off.
        }
    }

    /// <summary>The daily closing, until one has come through.</summary>
    private static Task CloseAsync(TestGateway gateway) => Eventually.TrueAsync(async () =>
    {
        try
        {
            await gateway.Host.RunTimerAsync("DailyReset");
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    });

    private static decimal Usd(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
