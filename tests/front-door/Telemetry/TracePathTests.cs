using System.Net;
using Freeway.FrontDoor.Tests.Support;
using Freeway.FrontDoor.Tests.Telemetry.Collector;
using Freeway.Gateway.ActivityLog;
using Freeway.Runner.Broker;
using Freeway.Runner.Broker.Queues;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Freeway.FrontDoor.Tests.Telemetry;

/// <summary>One trace from the door to the table, and who decides of it.</summary>
[Collection(nameof(Listening))]
public sealed class TracePathTests
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string Parent = "00f067aa0ba902b7";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Request_WithATraceOfItsCaller_IsOneTraceThroughLedgerUpstreamAndQueue(bool stream)
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var gateway = await TestGateway.StartAsync(settings: collector.Settings());

        using var response = await ChatAsync(gateway, stream, $"00-{Trace}-{Parent}-00");
        await response.Content.ReadAsStringAsync();
        var record = (await gateway.ActivityAsync(1)).ShouldHaveSingleItem();
        await gateway.Host.StopAsync();

        var spans = collector.Spans.Where(span => span.Trace == Trace).ToList();
        var door = spans.Single(span => span.Kind is SeenSpan.Server);
        door.Name.ShouldBe("POST /api/v1/chat/completions");
        door.Parent.ShouldBe(Parent);
        door.Tags["http.response.status_code"].ShouldBe("200");
        door.Tags["freeway.request.id"].ShouldBe(record.GetProperty("id").GetString());
        door.Tags["gen_ai.usage.output_tokens"].ShouldBe(record.GetProperty("completion_tokens").GetInt64().ToString(System.Globalization.CultureInfo.InvariantCulture));
        record.GetProperty("trace").GetString().ShouldBe($"00-{Trace}-{door.Id}-01");

        var upstream = spans.Single(span => span.Name is "chat echo");
        upstream.Kind.ShouldBe(SeenSpan.Client);
        upstream.Tags["gen_ai.provider.name"].ShouldBe("loopback");
        foreach (var (name, parent) in new[] { ("ledger reserve", door), ("chat echo", door), ("ledger settle", door), ("activity send", door), ("activity process", door) })
        {
            spans.Single(span => span.Name == name).Parent.ShouldBe(parent.Id, name);
        }

        spans.Single(span => span.Name is "activity process").Kind.ShouldBe(SeenSpan.Consumer);
        collector.Spans.ShouldContain(span => span.Name == "ledger commit" && span.LinkedTraces.Contains(Trace));
    }

    [Fact]
    public async Task Requests_ThatShareABatch_KeepEachItsOwnTrace()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var gateway = await TestGateway.StartAsync(settings: collector.Settings());
        var traces = Enumerable.Range(1, 8).Select(i => $"{i:x32}").ToList();

        var ids = await Task.WhenAll(traces.Select(async trace =>
        {
            using var response = await ChatAsync(gateway, false, $"00-{trace}-{Parent}-01");
            return response.Header("x-freeway-request-id");
        }));
        await gateway.ActivityAsync(8);
        await gateway.Host.StopAsync();

        var written = collector.Spans.Where(span => span.Name is "activity process" && traces.Contains(span.Trace))
            .ToDictionary(span => span.Trace, span => span.Tags["messaging.message.id"]);
        traces.Select(trace => written[trace]).ShouldBe(ids);
    }

    [Fact]
    public async Task Record_ThatWaitedForTheBroker_GoesOnInTheTraceOfItsRequest()
    {
        var folder = Directory.CreateTempSubdirectory("freeway-broker-");
        var options = new BrokerOptions { DataFolder = folder.FullName, Queues = [new QueueOptions("activity")] };
        var broker = await ServiceBusBroker.StartAsync(options, TimeProvider.System, NullLoggerFactory.Instance);
        await using var collector = await OtlpCollector.StartAsync();
        await using var gateway = await TestGateway.StartAsync(
            settings: collector.Settings(("ServiceBus", broker.ConnectionString), ("ActivityQueueName", "activity")));
        await broker.DisposeAsync();

        using var response = await ChatAsync(gateway, false, $"00-{Trace}-{Parent}-01");
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        await response.Content.ReadAsStringAsync();
        await Eventually.TrueAsync(() => Task.FromResult(gateway.Host.Services.GetRequiredService<ActivityOutbox>().IsBehind));
        await using var again = await ServiceBusBroker.StartAsync(options with { Port = broker.Port }, TimeProvider.System, NullLoggerFactory.Instance);
        await gateway.ActivityAsync(1);
        await gateway.Host.StopAsync();

        var spans = collector.Spans.Where(span => span.Trace == Trace).ToList();
        var door = spans.Single(span => span.Kind is SeenSpan.Server);
        spans.Count(span => span.Name is "activity send").ShouldBeGreaterThan(1, "the first send failed");
        spans.Where(span => span.Name is "activity send" or "activity process").ShouldAllBe(span => span.Parent == door.Id);
        spans.Single(span => span.Name is "activity process").Tags["messaging.message.id"].ShouldBe(response.Header("x-freeway-request-id"));
    }

    [Theory]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]
    [InlineData("00-ffffffffffffffffffffffffffffffff-ffffffffffffffff-01")]
    public async Task Caller_WhoAsksToBeSampled_IsNotWhereTheOperatorSamplesNothing(string traceparent)
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var gateway = await TestGateway.StartAsync(settings: collector.Settings(("Freeway__Telemetry__SampleRatio", "0.000000001")));

        using var response = await ChatAsync(gateway, false, traceparent);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var record = (await gateway.ActivityAsync(1)).ShouldHaveSingleItem();
        await gateway.Host.StopAsync();

        record.TryGetProperty("trace", out _).ShouldBeFalse();
        collector.Spans.ShouldNotContain(span => span.Tags.ContainsKey("freeway.request.id") && span.Tags["freeway.request.id"] == record.GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("no trace at all")]
    [InlineData("00-00000000000000000000000000000000-0000000000000000-01")]
    [InlineData("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01")]
    public async Task Caller_WithABrokenTrace_GetsATraceOfItsOwn(string traceparent)
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var gateway = await TestGateway.StartAsync(settings: collector.Settings());

        using var response = await ChatAsync(gateway, false, traceparent);
        await gateway.Host.StopAsync();

        var door = collector.Spans.Single(span => span.Tags.GetValueOrDefault("freeway.request.id") == response.Header("x-freeway-request-id") && span.Kind is SeenSpan.Server);
        door.Parent.ShouldBeEmpty();
        door.Trace.ShouldNotBe(Trace);
    }

    [Theory]
    [InlineData("false", false)]
    [InlineData("true", true)]
    public async Task Upstream_IsToldOfTheTrace_OnlyWhereASettingSaysSo(string setting, bool told)
    {
        var seen = new List<string>();
        await using var collector = await OtlpCollector.StartAsync();
        await using var gateway = await TestGateway.StartAsync(
            request =>
            {
                lock (seen)
                {
                    seen.Add(string.Concat(new[] { "traceparent", "tracestate", "baggage" }.Select(name => request.Headers.GetValueOrDefault(name))));
                }

                return null;
            },
            collector.Settings(("Freeway__Upstream__SendTrace", setting)));

        using var request = Chat(false, $"00-{Trace}-{Parent}-01");
        request.Headers.Add("tracestate", "vendor=secret");
        request.Headers.Add("baggage", "user=somebody");
        using var response = await gateway.Http.SendAsync(request);
        await gateway.Host.StopAsync();

        var span = collector.Spans.Single(span => span is { Trace: Trace, Name: "chat echo" });
        seen.ShouldHaveSingleItem().ShouldBe(told ? $"00-{Trace}-{span.Id}-01" : "");
    }

    private static async Task<HttpResponseMessage> ChatAsync(TestGateway gateway, bool stream, string traceparent)
    {
        using var request = Chat(stream, traceparent);
        return await gateway.Http.SendAsync(request);
    }

    private static HttpRequestMessage Chat(bool stream, string traceparent) => new(HttpMethod.Post, "api/v1/chat/completions")
    {
        Headers = { { "traceparent", traceparent } },
        Content = new StringContent(
            $$"""{"model":"demo/echo:free","stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"one two"}]}""",
            System.Text.Encoding.UTF8, "application/json"),
    };
}
