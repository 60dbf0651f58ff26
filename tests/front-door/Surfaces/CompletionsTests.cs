using System.Net;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Runner.Loopback;

namespace Freeway.FrontDoor.Tests.Surfaces;

public sealed class CompletionsTests
{
    [Fact]
    public async Task Whole_WithSeveralPrompts_IsRecordedWithAllItsTokens()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.CallAsync("completions", """{"model":"demo/echo:free","prompt":["one two","three"],"n":2,"max_tokens":5}""");

        (await response.ReadAsync()).ShouldContain("\"text_completion\"");
        var record = await gateway.RecordAsync();
        (record.Count("prompt_tokens"), record.Count("completion_tokens"), record.Text("finish_reason")).ShouldBe((3, 6, "stop"));
        record.GetProperty("estimated").GetBoolean().ShouldBeFalse();
    }

    [Theory]
    [InlineData("", false)]
    [InlineData(""","stream_options":{"include_usage":true}""", true)]
    public async Task Stream_ReportsUsageToWhoeverAsks(string members, bool asked)
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.CallAsync("completions", $$"""{"model":"demo/echo:free","prompt":"one two three","stream":true{{members}}}""");

        var stream = await response.ReadAsync();
        stream.ShouldEndWith("data: [DONE]\n\n");
        stream.Contains("\"completion_tokens\":3", StringComparison.Ordinal).ShouldBe(asked);
        gateway.Upstream.Requests.ShouldHaveSingleItem().Completion!.IncludeUsage.ShouldBeTrue();
        var record = await gateway.RecordAsync();
        (record.Count("prompt_tokens"), record.Count("completion_tokens"), record.GetProperty("stream").GetBoolean()).ShouldBe((3, 3, true));
    }

    [Fact]
    public async Task Stream_WhoseUpstreamBreaks_EndsInAnErrorAndNoDone()
    {
        await using var gateway = await TestGateway.StartAsync(_ => new LoopbackScript { DropAfter = 1 });

        using var response = await gateway.CallAsync("completions", """{"model":"demo/echo:free","prompt":"one two three","stream":true}""");

        var seen = await BrokenOff.ReadAsync(response);
        seen.ShouldContain("\"finish_reason\":\"error\"");
        seen.ShouldContain("\"object\":\"text_completion\"");
        seen.ShouldNotContain("[DONE]");
        (await gateway.RecordAsync()).Text("error_code").ShouldBe("upstream_error");
    }

    [Fact]
    public async Task Reservation_CountsAllAnswersThatCouldBeMade()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.CallAsync(
            "quota/check", """{"model":"demo/echo","prompt":["a","b"],"n":2,"best_of":4,"max_tokens":10}""", ("x-freeway-endpoint", "completions"));

        (await response.JsonAsync()).GetProperty("estimate").Count("output_tokens").ShouldBe(80);
    }

    [Fact]
    public async Task BestOf_OutOfBounds_IsRefused()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.CallAsync("completions", """{"model":"demo/echo:free","prompt":"a","best_of":1000}""");

        (await response.ErrorAsync(HttpStatusCode.BadRequest)).Text("param").ShouldBe("best_of");
    }
}
