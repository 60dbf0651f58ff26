using Freeway.FrontDoor.Tests.Messages;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Runner.Loopback;

namespace Freeway.FrontDoor.Tests.Surfaces;

/// <summary>What a stream's caller hears while the upstream is silent; the clock is moved past the pauses.</summary>
public sealed class SilentUpstreamTests
{
    [Fact]
    public async Task Responses_KeptAliveAndThenRejected_EndsInAnErrorEventToo()
    {
        var gate = new LoopbackGate();
        await using var gateway = await TestGateway.StartAsync(
            _ => new LoopbackScript { Gate = gate, HoldAfter = LoopbackScript.BeforeHeaders, Error = 400 });
        var asked = gateway.CallAsync("responses", """{"model":"demo/echo:free","input":"hello","stream":true}""");
        await gate.ArrivalAsync();

        gateway.Clock.MoveOn(TimeSpan.FromSeconds(16));
        using var response = await asked;
        gate.Open();

        var seen = await BrokenOff.ReadAsync(response);
        seen.ShouldStartWith(": freeway");
        seen.ShouldContain("event: error\ndata: {\"type\":\"error\",\"code\":\"upstream_error\"");
    }

    [Fact]
    public async Task Messages_BeforeAnAnswerToAStream_IsFilledWithComments()
    {
        var gate = new LoopbackGate();
        await using var gateway = await TestGateway.StartAsync(
            _ => new LoopbackScript { Gate = gate, HoldAfter = LoopbackScript.BeforeHeaders, Error = 503 });

        var asking = gateway.MessageAsync(MessagesCalls.Body(model: "demo/echo:free", stream: true));
        await gate.ArrivalAsync();
        await Eventually.TrueAsync(() =>
        {
            gateway.Clock.MoveOn(TimeSpan.FromSeconds(16));
            return Task.FromResult(asking.IsCompleted);
        });
        gate.Open();

        using var response = await asking;
        var seen = await BrokenOff.ReadAsync(response);
        seen.ShouldStartWith(": freeway\n\n");
        var error = MessagesCalls.Events(seen).ShouldHaveSingleItem();
        (error.Text("type"), error.GetProperty("error").Text("type"), error.GetProperty("error").Text("code"))
            .ShouldBe(("error", "api_error", "upstream_error"));
    }
}
