using System.Text.Json;
using Freeway.FrontDoor.Tests.Support;

namespace Freeway.FrontDoor.Tests.Clients;

/// <summary><c>ai</c> with <c>@ai-sdk/openai-compatible</c>.</summary>
public sealed class AiSdkTests
{
    [Fact]
    public async Task GenerateText_OfAFreeSlug_IsAnswered()
    {
        await using var gateway = await TestGateway.StartAsync();

        var seen = await PlayAsync(gateway, "chat", new { model = "sarvam/saaras:v3:free", text = "say it back" });

        seen.GetProperty("text").GetString().ShouldBe("say it back");
        seen.GetProperty("finish").GetString().ShouldBe("stop");
        seen.GetProperty("usage").GetProperty("totalTokens").GetInt32().ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task StreamText_WithAndWithoutUsage_IsWhole(bool includeUsage)
    {
        await using var gateway = await TestGateway.StartAsync();

        var seen = await PlayAsync(gateway, "stream", new { model = "demo/echo:free", text = "word by word", includeUsage });

        seen.GetProperty("text").GetString().ShouldBe("word by word");
        seen.GetProperty("finish").GetString().ShouldBe("stop");
        seen.GetProperty("usage").TryGetProperty("totalTokens", out _).ShouldBe(includeUsage);
    }

    [Theory]
    [InlineData("chat")]
    [InlineData("stream")]
    public async Task Text_OnceTheDayIsSpent_IsAnErrorThatSaysWhy(string scenario)
    {
        await using var gateway = await TestGateway.StartAsync();
        await FreeQuotaTests.SpendAsync(gateway, "demo/echo:free");

        var seen = await PlayAsync(gateway, scenario, new { model = "demo/echo:free" });

        var error = seen.GetProperty("error");
        error.GetProperty("class").GetString().ShouldBe("APICallError");
        error.GetProperty("status").GetInt32().ShouldBe(429);
        error.GetProperty("message").GetString()!.ShouldContain("daily free request limit");
        error.GetProperty("body").GetProperty("code").GetString().ShouldBe("free_quota_exceeded");
    }

    [Theory]
    [InlineData("/script chunks=6 error_after=3 one two three four five six", "server_error")]
    [InlineData("/script chunks=6 drop_after=3 one two three four five six", "upstream_error")]
    public async Task StreamText_ThatBreaksInTheMiddle_IsAnError(string text, string type)
    {
        await using var gateway = await TestGateway.StartAsync();

        var seen = await PlayAsync(gateway, "stream", new { model = "demo/echo:free", text });

        seen.GetProperty("text").GetString().ShouldBe("one two three");
        seen.TryGetProperty("ended", out _).ShouldBeFalse();
        seen.GetProperty("error").GetProperty("type").GetString().ShouldBe(type);
    }

    private static Task<JsonElement> PlayAsync(TestGateway gateway, string scenario, object settings) =>
        NodeClient.PlayAsync(gateway, "ai-sdk.mjs", scenario, settings);
}
