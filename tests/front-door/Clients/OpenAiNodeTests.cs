using System.Text.Json;
using Freeway.FrontDoor.Tests.Support;

namespace Freeway.FrontDoor.Tests.Clients;

/// <summary>The <c>openai</c> package of npm, with its retries as they come.</summary>
public sealed class OpenAiNodeTests
{
    [Theory]
    [InlineData("demo/echo:free", "echo")]
    [InlineData("demo/echo:FREE", "echo")]
    [InlineData("sarvam/sarvam-105b:free", "sarvam-105b")]
    [InlineData("sarvam/sarvam-30b:Free", "sarvam-30b")]
    public async Task Chat_OfAFreeSlug_IsAnswered(string model, string upstreamModel)
    {
        await using var gateway = await TestGateway.StartAsync();

        var seen = await PlayAsync(gateway, "chat", new { model, text = "say it back" });

        seen.GetProperty("text").GetString().ShouldBe("say it back");
        seen.GetProperty("usage").GetProperty("total_tokens").GetInt32().ShouldBeGreaterThan(0);
        gateway.Upstream.Requests.ShouldHaveSingleItem().Chat!.Model.ShouldBe(upstreamModel);
        var record = (await gateway.ActivityAsync(1)).ShouldHaveSingleItem();
        record.GetProperty("tier").GetString().ShouldBe("free");
        record.GetProperty("id").GetString().ShouldBe(seen.GetProperty("requestID").GetString());
    }

    [Fact]
    public async Task Stream_WithUsage_EndsWithWhatTheActivityShows()
    {
        await using var gateway = await TestGateway.StartAsync();

        var seen = await PlayAsync(gateway, "stream", new { model = "demo/echo:free", text = "word by word", stream_options = new { include_usage = true } });

        seen.GetProperty("text").GetString().ShouldBe("word by word");
        var total = seen.GetProperty("usage").GetProperty("total_tokens").GetInt64();
        (await gateway.ActivityAsync(1)).ShouldHaveSingleItem().GetProperty("total_tokens").GetInt64().ShouldBe(total);
    }

    [Fact]
    public async Task Eleventh_OfADay_IsARateLimitErrorThatIsNotRetried()
    {
        await using var gateway = await TestGateway.StartAsync();

        var seen = await PlayAsync(gateway, "chat", new { model = "demo/echo:free", times = 11 });

        seen.GetProperty("answers").GetInt32().ShouldBe(10);
        seen.GetProperty("requests").GetInt32().ShouldBe(11, "x-should-retry: false holds it back");
        var error = Error(seen, "RateLimitError", 429, "free_quota_exceeded");
        error.GetProperty("type").GetString().ShouldBe("rate_limit_error");
        error.GetProperty("message").GetString()!.ShouldContain("daily free request limit");
        error.GetProperty("body").GetProperty("quota_limit").GetInt32().ShouldBe(10);
        error.GetProperty("body").GetProperty("quota_used").GetInt32().ShouldBe(10);
        error.GetProperty("body").GetProperty("reset_at").GetDateTimeOffset().ShouldBe(gateway.Now.UtcDateTime.Date.AddDays(1));
        var wait = int.Parse(error.GetProperty("retryAfter").GetString()!, System.Globalization.CultureInfo.InvariantCulture);
        TimeSpan.FromSeconds(wait).ShouldBe(gateway.Now.UtcDateTime.Date.AddDays(1) - gateway.Now, TimeSpan.FromSeconds(200));
    }

    [Fact]
    public async Task Models_Listed_SayWhichAreFree()
    {
        await using var gateway = await TestGateway.StartAsync();

        var seen = await PlayAsync(gateway, "models");

        var models = seen.GetProperty("models").EnumerateArray().ToDictionary(model => model.GetProperty("id").GetString()!);
        models["demo/echo"].GetProperty("free").GetProperty("slug").GetString().ShouldBe("demo/echo:free");
        models["demo/paid"].GetProperty("free").GetProperty("enabled").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task Model_WhoseIdHasASlashAndAColon_IsFound()
    {
        await using var gateway = await TestGateway.StartAsync();

        var seen = await PlayAsync(gateway, "model", new { id = "sarvam/saaras:v3" });

        seen.GetProperty("model").GetProperty("id").GetString().ShouldBe("sarvam/saaras:v3");
    }

    private static Task<JsonElement> PlayAsync(TestGateway gateway, string scenario, object? settings = null, string? key = null) =>
        NodeClient.PlayAsync(gateway, "openai.mjs", scenario, settings, key);

    private static JsonElement Error(JsonElement seen, string @class, int status, string code)
    {
        var error = seen.GetProperty("error");
        error.GetProperty("class").GetString().ShouldBe(@class);
        error.GetProperty("status").GetInt32().ShouldBe(status);
        error.GetProperty("code").GetString().ShouldBe(code);
        error.GetProperty("requestID").GetString()!.Length.ShouldBe(32);
        return error;
    }
}
