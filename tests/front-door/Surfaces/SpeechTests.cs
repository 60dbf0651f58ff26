using System.Net;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Runner.Loopback;

namespace Freeway.FrontDoor.Tests.Surfaces;

public sealed class SpeechTests
{
    private const string Asked = """{"model":"demo/echo:free","input":"Žluťoučký kůň 😀","voice":"alloy"}""";

    [Fact]
    public async Task Sound_IsPassedOnAsItComesAndRecordedByItsCharacters()
    {
        await using var gateway = await TestGateway.StartAsync();
        var direct = await DirectAsync(gateway);

        using var response = await gateway.CallAsync("audio/speech", Asked);

        var sound = await response.Content.ReadAsByteArrayAsync();
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("audio/wav");
        sound.ShouldBe(direct);
        var record = await gateway.RecordAsync();
        (record.Text("endpoint"), record.Count("characters"), record.Count("completion_tokens"), record.GetProperty("stream").GetBoolean())
            .ShouldBe(("audio/speech", 15, 0, false));
    }

    [Fact]
    public async Task Sound_ReachesTheCallerBeforeItIsWhole()
    {
        var gate = new LoopbackGate();
        await using var gateway = await TestGateway.StartAsync(_ => new LoopbackScript { Gate = gate, HoldAfter = 1 });
        using var response = await gateway.CallAsync("audio/speech", Asked);
        await gate.ArrivalAsync();

        var stream = await response.Content.ReadAsStreamAsync();
        var first = new byte[4];
        await stream.ReadExactlyAsync(first);

        first.ShouldBe("RIFF"u8.ToArray());
        gate.Open();
        using var rest = new MemoryStream();
        await stream.CopyToAsync(rest);
        rest.Length.ShouldBeGreaterThan(1000);
    }

    [Fact]
    public async Task Sound_WhoseUpstreamDrops_IsCutOff()
    {
        await using var gateway = await TestGateway.StartAsync(_ => new LoopbackScript { DropAfter = 1 });

        using var response = await gateway.CallAsync("audio/speech", Asked);

        (await BrokenOff.ReadBytesAsync(response)).ShouldNotBeEmpty();
        var record = await gateway.RecordAsync();
        (record.Text("error_code"), record.Count("characters")).ShouldBe(("upstream_error", 15));
    }

    [Fact]
    public async Task Events_AreStreamedAndTheirUsageIsRead()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.CallAsync("audio/speech", Asked[..^1] + ",\"stream_format\":\"sse\"}");

        var events = await response.ReadAsync();
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        events.ShouldContain("speech.audio.delta");
        events.ShouldContain("speech.audio.done");
        var record = await gateway.RecordAsync();
        (record.Count("characters"), record.Count("prompt_tokens"), record.Count("completion_tokens")).ShouldBe((15, 3, 3));
        (record.GetProperty("stream").GetBoolean(), record.GetProperty("estimated").GetBoolean()).ShouldBe((true, false));
    }

    [Fact]
    public async Task Include_OfTheQuota_HasNoPlaceInSound()
    {
        await using var gateway = await TestGateway.StartAsync();
        var direct = await DirectAsync(gateway);

        using var response = await gateway.CallAsync("audio/speech", Asked, ("x-freeway-include", "quota"));

        (await response.Content.ReadAsByteArrayAsync()).ShouldBe(direct);
    }

    [Fact]
    public async Task Repeat_OfSound_NamesTheRecord()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var first = await gateway.CallAsync("audio/speech", Asked, ("Idempotency-Key", "once"));
        await first.Content.ReadAsByteArrayAsync();
        await gateway.RecordAsync();

        using var second = await gateway.CallAsync("audio/speech", Asked, ("Idempotency-Key", "once"));

        (await second.ErrorAsync(HttpStatusCode.Conflict)).Text("code").ShouldBe("already_completed");
        gateway.Upstream.Requests.ShouldHaveSingleItem();
    }

    /// <summary>What the upstream answers, asked without a gateway.</summary>
    private static async Task<byte[]> DirectAsync(TestGateway gateway)
    {
        await using var upstream = await LoopbackUpstream.StartAsync(new LoopbackOptions(), TimeProvider.System);
        using var client = new HttpClient(new SocketsHttpHandler(), disposeHandler: true);
        using var response = await client.PostAsync(
            upstream.BaseUrl + "/audio/speech", new StringContent(Asked.Replace("demo/echo:free", "echo", StringComparison.Ordinal)));
        gateway.Upstream.Received.ShouldBe(0);
        return await response.Content.ReadAsByteArrayAsync();
    }
}
