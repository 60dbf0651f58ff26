using System.Text;
using Freeway.FrontDoor.Tests.Support;
using Freeway.FrontDoor.Tests.Telemetry.Collector;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Freeway.FrontDoor.Tests.Telemetry;

/// <summary>A whole run with everything that is told of it in the test's hands.</summary>
[Collection(nameof(Listening))]
public sealed class FullRunTests
{
    private static readonly string[] WantedMetrics =
    [
        "freeway.requests", "freeway.request.duration", "freeway.request.time_to_first_byte", "freeway.refusals", "freeway.tokens",
        "freeway.ledger.commit.duration", "freeway.ledger.commit.operations", "freeway.upstream.attempts", "freeway.upstream.duration",
        "freeway.queue.send.duration", "freeway.queue.send.records", "freeway.activity.records", "freeway.cache.lookups",
    ];

    /// <summary>Measured once a minute.</summary>
    private static readonly string[] OfAnInstance =
        ["freeway.alarm", "freeway.dead_letters", "freeway.outbox.age", "freeway.outbox.depth", "freeway.upstream.breaker", "freeway.upstream.parked"];

    private static readonly string[] WantedOutcomes =
        ["ok", "refused", "repeated", "upstream_error", "upstream_rejected"];

    [Fact]
    public async Task Run_OfEverything_TellsNoKeyAndNoTextOfAnybody()
    {
        using var log = new EverythingLog();
        await using var collector = await OtlpCollector.StartAsync();
        await using var gateway = await StartAsync(collector, log);
        var run = new FullRun(gateway);
        await run.RunAsync();
        await gateway.Host.StopAsync();

        collector.Spans.Count.ShouldBeGreaterThan(100);
        collector.Lines.Count.ShouldBeGreaterThan(5);
        log.Lines.Count.ShouldBeGreaterThan(50);
        collector.Authorizations.ShouldAllBe(sent => sent == "Bearer collector-secret-5f1c");
        foreach (var secret in run.Secrets)
        {
            var bytes = Encoding.UTF8.GetBytes(secret);
            collector.Bytes.Where(body => body.AsSpan().IndexOf(bytes) >= 0).Select(body => Around(body, bytes)).ShouldBeEmpty($"exported: {secret}");
            log.Lines.Where(line => line.Contains(secret, StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty($"logged: {secret}");
        }
    }

    [Fact]
    public async Task Run_OfEverything_ReachesApplicationInsightsWithNoKeyAndNoTextOfAnybody()
    {
        using var log = new EverythingLog();
        await using var insights = await InsightsIngestion.StartAsync();
        await using var gateway = await StartAsync(insights.Settings, log);
        var run = new FullRun(gateway);
        await run.RunAsync();
        await gateway.Host.StopAsync();

        // Each request is drawn by our own sampler, and not by the exporter's, which takes some of them.
        insights.Data("RequestData").Count.ShouldBeGreaterThanOrEqualTo(gateway.Seen.Count);
        var metrics = insights.Data("MetricData").SelectMany(data => data.GetProperty("metrics").EnumerateArray())
            .Select(metric => metric.GetProperty("name").GetString()!).ToHashSet();
        WantedMetrics.ShouldBeSubsetOf(metrics);
        insights.Data("MessageData").Select(line => line.GetProperty("message").GetString()!)
            .ShouldContain(line => line.StartsWith("Upstream loopback failed request", StringComparison.Ordinal));
        foreach (var secret in run.Secrets)
        {
            var bytes = Encoding.UTF8.GetBytes(secret);
            insights.Bytes.Where(body => body.AsSpan().IndexOf(bytes) >= 0).Select(body => Around(body, bytes)).ShouldBeEmpty($"exported: {secret}");
        }
    }

    [Fact]
    public async Task Run_OfEverything_IsMeasuredInFewDimensions()
    {
        using var log = new EverythingLog();
        await using var collector = await OtlpCollector.StartAsync();
        await using var gateway = await StartAsync(collector, log);
        await new FullRun(gateway).RunAsync();
        await gateway.Host.StopAsync();

        var ours = collector.Points.Where(point => point.Meter is "Freeway").ToList();
        WantedMetrics.ShouldBeSubsetOf(ours.Select(point => point.Name));
        ours.Select(point => point.Name).ShouldBeSubsetOf([.. WantedMetrics, .. OfAnInstance]);
        ours.Where(point => point.Name is "freeway.requests").Select(point => point.Tags["outcome"]).Distinct().ShouldBeSubsetOf([.. WantedOutcomes, "caller_gone", "overloaded", "upstream_timeout"]);
        WantedOutcomes.ShouldBeSubsetOf(ours.Where(point => point.Name is "freeway.requests").Select(point => point.Tags["outcome"]));
        ours.Select(point => $"{point}").Distinct().Count().ShouldBeLessThan(150);
        ours.SelectMany(point => point.Tags.Values).ShouldAllBe(value => value.Length < 40 && value != "demo" && value != "other");
        ours.Where(point => point.Name is "freeway.refusals" && point.Tags["code"] is "free_quota_exceeded")
            .ShouldContain(point => point.Tags["limit.unit"] == "requests" && point.Tags["limit.window"] == "day");
    }

    [Fact]
    public async Task Line_LoggedForARequest_CarriesItsTraceAndItsId()
    {
        using var log = new EverythingLog();
        await using var collector = await OtlpCollector.StartAsync();
        await using var gateway = await StartAsync(collector, log);

        using var failed = await gateway.ChatAsync("demo/echo", "please fail");
        var id = failed.Header("x-freeway-request-id");
        await gateway.Host.StopAsync();

        var span = collector.Spans.Single(span => span.Kind is SeenSpan.Server && span.Tags.GetValueOrDefault("freeway.request.id") == id);
        var line = collector.Lines.Single(line => line.Tags.GetValueOrDefault("freeway.request.id") == id);
        line.Trace.ShouldBe(span.Trace);
        line.Text.ShouldStartWith($"Upstream loopback failed request {id}");
        line.Tags["Upstream"].ShouldBe("loopback");
        log.Lines.ShouldContain(seen => seen.Contains("Upstream loopback failed", StringComparison.Ordinal) && seen.Contains(id, StringComparison.Ordinal) && seen.Contains("FreewayRequestId", StringComparison.Ordinal));
        collector.Resources.ShouldAllBe(resource => resource["service.name"] == "freeway");
    }

    [Fact]
    public async Task Collector_OutOfReach_HoldsUpNobody_AndTheEndIsInTime()
    {
        await using var collector = await OtlpCollector.StartAsync();
        var settings = collector.Settings();
        await collector.DisposeAsync();
        await using var gateway = await TestGateway.StartAsync(settings: settings);

        using var answer = await gateway.ChatAsync("demo/echo:free");
        await answer.TextAsync();
        (await gateway.ActivityAsync(1)).ShouldHaveSingleItem();

        var began = TimeProvider.System.GetTimestamp();
        await gateway.Host.StopAsync();
        TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(30));
    }

    private static Task<TestGateway> StartAsync(OtlpCollector collector, EverythingLog log) =>
        StartAsync(collector.Settings(), log);

    private static Task<TestGateway> StartAsync(IReadOnlyDictionary<string, string?> target, EverythingLog log) => TestGateway.StartAsync(
        FullRun.Script,
        new Dictionary<string, string?>(target)
        {
            ["Freeway:MaxRequestBytes"] = "50000",
            ["LOOPBACK_KEY"] = FullRun.UpstreamKey,
            ["Freeway:CataloguePath"] = TestCatalogue.Settings(new
            {
                presets = new[] { "fastrouter" },
                upstreams = new { loopback = new { base_url = "http://127.0.0.1:1/v1", key_setting = "LOOPBACK_KEY", models_path = "models", key_path = "key" } },
                models = new[] { TestCatalogue.Model("demo/echo", new { usd_per_audio_minute = 0.01, free = new { enabled = true, plan = "fastrouter-free" } }) },
            })["Freeway:CataloguePath"],
        },
        services: services => services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Information).AddFilter("Freeway", LogLevel.Debug).AddProvider(log)));

    private static string Around(byte[] body, byte[] secret)
    {
        var at = body.AsSpan().IndexOf(secret);
        var from = Math.Max(0, at - 200);
        return Encoding.UTF8.GetString(body, from, Math.Min(400, body.Length - from));
    }
}
