using System.Text.Json;
using Freeway.FrontDoor.Tests.Messages;
using Freeway.FrontDoor.Tests.Support;
using Freeway.FrontDoor.Tests.Surfaces;

namespace Freeway.FrontDoor.Tests.Clients;

/// <summary>
/// The <c>@anthropic-ai/sdk</c> package of npm, with its key in <c>x-api-key</c> and its retries as they come.
/// </summary>
public sealed class AnthropicNodeTests
{
    private const string Thinking =
        """
        data: {"id":"c-1","model":"theirs","choices":[{"index":0,"delta":{"role":"assistant","reasoning_content":"Let me "}}]}

        data: {"id":"c-1","model":"theirs","choices":[{"index":0,"delta":{"reasoning_content":"see."}}]}

        data: {"id":"c-1","model":"theirs","choices":[{"index":0,"delta":{"content":"Looking."}}]}

        data: {"id":"c-1","model":"theirs","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"look","arguments":"{\"a\":"}}]}}]}

        data: {"id":"c-1","model":"theirs","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"1}"}}]},"finish_reason":"tool_calls"}]}

        data: {"id":"c-1","model":"theirs","choices":[],"usage":{"prompt_tokens":20,"completion_tokens":9,"prompt_tokens_details":{"cached_tokens":5}}}

        data: [DONE]


        """;

    /// <summary>The upstream speaks Messages itself, or chat completions alone.</summary>
    [Theory]
    [InlineData("messages")]
    [InlineData("chat/completions")]
    public async Task Stream_OfAFreeSlug_IsAnsweredAndTellsWhatIsBooked(string spoken)
    {
        await using var gateway = await TestGateway.StartAsync(settings: MessagesCalls.Settings(TestGateway.LoopbackAddress, spoken));

        var seen = await NodeClient.PlayAsync(gateway, "anthropic.mjs", "stream", new { model = MessagesCalls.Slug, text = "word by word" });

        seen.TryGetProperty("error", out var error).ShouldBeFalse(error.ToString());
        seen.Text("text").ShouldBe("word by word");
        var message = seen.GetProperty("message");
        (message.Text("model"), message.Text("stop_reason")).ShouldBe(("acme/model", "end_turn"));
        var usage = message.GetProperty("usage");
        (usage.Count("input_tokens"), usage.Count("output_tokens")).ShouldBe((3, 3));
        var record = await gateway.RecordAsync();
        (record.Count("prompt_tokens"), record.Count("completion_tokens"), record.Text("tier")).ShouldBe((3, 3, "free"));
    }

    [Fact]
    public async Task Stream_OfAModelThatThinksAndCalls_IsAMessageOfThreeBlocks()
    {
        await using var upstream = await RawUpstream.StartAsync("text/event-stream", Thinking);
        await using var gateway = await TestGateway.StartAsync(settings: MessagesCalls.Settings(upstream.BaseUrl, "chat/completions"));

        var seen = await NodeClient.PlayAsync(gateway, "anthropic.mjs", "stream", new { model = MessagesCalls.Slug });

        seen.TryGetProperty("error", out var error).ShouldBeFalse(error.ToString());
        var content = seen.GetProperty("message").GetProperty("content");
        (content[0].Text("thinking"), content[0].Text("signature")).ShouldBe(("Let me see.", "reasoning_content"));
        content[1].Text("text").ShouldBe("Looking.");
        (content[2].Text("name"), content[2].GetProperty("input").GetRawText()).ShouldBe(("look", """{"a":1}"""));
        var usage = seen.GetProperty("message").GetProperty("usage");
        (usage.Count("input_tokens"), usage.Count("cache_read_input_tokens"), usage.Count("output_tokens")).ShouldBe((15, 5, 9));
    }

    [Fact]
    public async Task Eleventh_OfADay_IsARateLimitErrorThatIsNotRetried()
    {
        await using var gateway = await TestGateway.StartAsync();

        var seen = await NodeClient.PlayAsync(gateway, "anthropic.mjs", "message", new { model = "demo/echo:free", times = 11 });

        (seen.Count("answers"), seen.Count("requests")).ShouldBe((10, 11));
        var error = seen.GetProperty("error");
        (error.Text("class"), error.Count("status"), error.Text("type")).ShouldBe(("RateLimitError", 429, "rate_limit_error"));
        error.Text("requestID").ShouldNotBeEmpty();
        var body = error.GetProperty("body").GetProperty("error");
        (body.Text("code"), body.Count("quota_limit"), body.Text("reset_at")).ShouldBe(("free_quota_exceeded", 10, gateway.NextMidnight()));
    }

    [Fact]
    public async Task CountTokens_OfAMessage_IsANumber()
    {
        await using var gateway = await TestGateway.StartAsync();

        var seen = await NodeClient.PlayAsync(gateway, "anthropic.mjs", "count", new { model = "demo/echo:free" });

        seen.GetProperty("counted").Count("input_tokens").ShouldBeInRange(2, 60);
    }
}
