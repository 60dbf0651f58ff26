using System.Text;
using Freeway.FrontDoor.Tests.Support;
using Freeway.FrontDoor.Tests.Telemetry.Collector;

namespace Freeway.Worker.Tests;

/// <summary>
/// One trace from the caller through the host and the worker's process to the writer of the activity log.
/// </summary>
public sealed class WorkerTraceTests
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string Parent = "00f067aa0ba902b7";
    private const string CallersText = "stateZ7marker";

    [Fact]
    public async Task Request_WithATraceOfItsCaller_IsOneTraceFromTheHostToTheQueuesWriter()
    {
        await using var collector = await OtlpCollector.StartAsync();
        var settings = new Dictionary<string, string?>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Url,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        };
        await using var gateway = await TestGateway.StartAsync(_ => null, settings);

        using var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/chat/completions")
        {
            Headers =
            {
                // The caller's flag says that nobody records; that is decided here.
                { "traceparent", $"00-{Trace}-{Parent}-00" },
                { "tracestate", $"vendor={CallersText}" },
                { "baggage", $"user={CallersText}" },
            },
            Content = new StringContent(
                """{"model":"demo/echo:free","messages":[{"role":"user","content":"one two"}]}""", Encoding.UTF8,
                "application/json"),
        };
        using var response = await gateway.Http.SendAsync(request);
        await response.Content.ReadAsStringAsync();
        var record = (await gateway.ActivityAsync(1)).ShouldHaveSingleItem();
        await gateway.Host.StopAsync();

        var spans = collector.Spans.Where(span => span.Trace == Trace).ToList();
        var invocation = spans.Single(span => span.Parent == Parent);
        invocation.Tags.ShouldContainKey("faas.invocation_id");
        var served = spans.Single(span => span.Kind is SeenSpan.Server);
        served.Name.ShouldBe("POST /api/v1/chat/completions");
        served.Parent.ShouldBe(invocation.Id);
        record.GetProperty("trace").GetString().ShouldBe($"00-{Trace}-{served.Id}-01");
        string[] steps = ["ledger reserve", "chat echo", "ledger settle", "activity send", "activity process"];
        foreach (var step in steps)
        {
            spans.Single(span => span.Name == step).Parent.ShouldBe(served.Id, step);
        }

        collector.Points.ShouldContain(point => point.Name == "freeway.requests");
        collector.Resources.ShouldAllBe(resource => resource["service.name"] == "freeway");
        var text = Encoding.UTF8.GetBytes(CallersText);
        collector.Bytes.Where(body => body.AsSpan().IndexOf(text) >= 0).ShouldBeEmpty();
    }
}
