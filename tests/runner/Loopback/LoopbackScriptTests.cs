using System.Net;
using System.Text.Json.Nodes;
using Freeway.Runner.Loopback;

namespace Freeway.Runner.Tests.Loopback;

public sealed class LoopbackScriptTests
{
    private const string WithUsage = ""","stream_options":{"include_usage":true}""";

    [Theory]
    [InlineData("/script chunks=3", 3, "word word word")]
    [InlineData("/script chunks=2 one two three four five", 2, "one two three four five")]
    [InlineData("/script words=5 a b", 5, "a b a b a")]
    [InlineData("/script words=5 chunks=2 a b", 2, "a b a b a")]
    [InlineData("/script chunks=4 a b", 4, "a b a b")]
    [InlineData("/scripted is not a script", 5, "/scripted is not a script")]
    public async Task Script_WordsAndChunks_ShapeTheText(string text, int chunks, string answer)
    {
        await using var rig = await LoopbackRig.StartAsync();

        var pieces = Pieces(await rig.EventsAsync(text));

        pieces.Length.ShouldBe(chunks);
        string.Concat(pieces).ShouldBe(answer);
        LoopbackShapeTests.Content(await rig.AnswerAsync(LoopbackRig.Body(text))).ShouldBe(answer);
    }

    [Fact]
    public async Task Script_NoUsage_SaysNothingEvenIfAsked()
    {
        await using var rig = await LoopbackRig.StartAsync();

        (await rig.EventsAsync("/script usage=none hi", WithUsage)).ShouldAllBe(one => !one.Contains("usage", StringComparison.Ordinal));
        (await rig.AnswerAsync(LoopbackRig.Body("/script usage=none hi"))).ShouldNotContain("usage");
    }

    [Fact]
    public async Task Script_ZeroUsage_SaysZero()
    {
        await using var rig = await LoopbackRig.StartAsync();

        var usage = JsonNode.Parse((await rig.EventsAsync("/script usage=zero hi", WithUsage))[^2])!["usage"]!;

        ((int)usage["prompt_tokens"]!, (int)usage["completion_tokens"]!).ShouldBe((0, 0));
    }

    [Theory]
    [InlineData("/script error=429", 429, "rate_limit_exceeded", "1")]
    [InlineData("/script error=429 retry_after=30", 429, "rate_limit_exceeded", "30")]
    [InlineData("/script error=500", 500, null, null)]
    [InlineData("/script error=400", 400, null, null)]
    public async Task Script_Error_AnswersItBeforeAnything(string text, int status, string? code, string? retryAfter)
    {
        await using var rig = await LoopbackRig.StartAsync();

        using var response = await rig.PostAsync(LoopbackRig.Body(text, stream: true));

        ((int)response.StatusCode).ShouldBe(status);
        var error = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!;
        ((string?)error["code"]).ShouldBe(code);
        ((string)error["message"]!).ShouldNotBeEmpty();
        response.Headers.RetryAfter?.ToString().ShouldBe(retryAfter);
    }

    [Theory]
    [InlineData("/script nonsense=1")]
    [InlineData("/script chunks=many")]
    [InlineData("/script error=200")]
    public async Task Script_Misspelt_IsRefusedByName(string text)
    {
        await using var rig = await LoopbackRig.StartAsync();

        using var response = await rig.PostAsync(LoopbackRig.Body(text));

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync()).ShouldContain(text.Split(' ')[1]);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"model":"echo"}""")]
    public async Task Request_NotAChat_IsRefused(string body)
    {
        await using var rig = await LoopbackRig.StartAsync();

        using var response = await rig.PostAsync(body);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Script_ErrorAfter_EndsTheStreamInAnErrorEvent()
    {
        await using var rig = await LoopbackRig.StartAsync();

        var events = await rig.EventsAsync("/script chunks=5 error_after=2");

        Pieces(events[..^1]).Length.ShouldBe(2);
        JsonNode.Parse(events[^1])!["error"].ShouldNotBeNull();
    }

    [Fact]
    public async Task Script_DoneLeftOut_EndsTheStreamWithoutIt()
    {
        await using var rig = await LoopbackRig.StartAsync();

        (await rig.EventsAsync("/script done=false hi"))[^1].ShouldContain("\"finish_reason\":\"stop\"");
    }

    [Theory]
    [InlineData("/script chunks=5 drop_after=2", true)]
    [InlineData("/script chunks=5 drop_after=0", true)]
    [InlineData("/script chunks=5 drop_after=2", false)]
    public async Task Script_DropAfter_BreaksTheConnectionInTheMiddle(string text, bool stream)
    {
        await using var rig = await LoopbackRig.StartAsync();

        using var response = await rig.PostAsync(LoopbackRig.Body(text, stream));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var read = await Should.ThrowAsync<HttpRequestException>(response.Content.ReadAsStringAsync);
        read.InnerException.ShouldBeAssignableTo<IOException>();
    }

    [Fact]
    public async Task Script_HangUp_BreaksTheConnectionBeforeTheHeaders()
    {
        await using var rig = await LoopbackRig.StartAsync();

        await Should.ThrowAsync<HttpRequestException>(rig.PostAsync(LoopbackRig.Body("/script hang_up=true")));
    }

    [Fact]
    public async Task Script_Delays_PassOnTheClockOfTheUpstream()
    {
        await using var rig = await LoopbackRig.StartAsync();

        var answer = rig.EventsAsync("/script chunks=2 first_byte_delay_ms=1000 delay_ms=200");

        await rig.Time.ArmedAsync(TimeSpan.FromMilliseconds(1000));
        rig.Time.Advance(TimeSpan.FromMilliseconds(1000));
        await rig.Time.ArmedAsync(TimeSpan.FromMilliseconds(200));
        rig.Time.Advance(TimeSpan.FromMilliseconds(200));
        await rig.Time.ArmedAsync(TimeSpan.FromMilliseconds(200));
        answer.IsCompleted.ShouldBeFalse();
        rig.Time.Advance(TimeSpan.FromMilliseconds(200));
        Pieces(await answer).Length.ShouldBe(2);
    }

    [Fact]
    public async Task Script_InProcess_OverrulesTheText()
    {
        await using var rig = await LoopbackRig.StartAsync(request => request.Number is 1
            ? new LoopbackScript { Text = "scripted", Headers = new Dictionary<string, string> { ["x-ratelimit-remaining-requests"] = "7" } }
            : null);

        using var first = await rig.PostAsync(LoopbackRig.Body("/script words=9 hi"));

        LoopbackShapeTests.Content(await first.Content.ReadAsStringAsync()).ShouldBe("scripted");
        first.Headers.GetValues("x-ratelimit-remaining-requests").ShouldBe(["7"]);
        LoopbackShapeTests.Content(await rig.AnswerAsync(LoopbackRig.Body("hi"))).ShouldBe("hi");
    }

    private static string[] Pieces(IEnumerable<string> events) =>
        [.. events.Where(one => one is not "[DONE]").Select(one => (string?)JsonNode.Parse(one)!["choices"]?[0]?["delta"]?["content"]).OfType<string>().Where(text => text is not "")];
}
