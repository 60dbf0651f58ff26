using System.Globalization;
using System.Net;
using System.Text.Json;
using Freeway.FrontDoor.Tests.Support;

namespace Freeway.FrontDoor.Tests;

/// <summary>"What must work", 1: ten free requests a day per org and model, and the eleventh refused as seed 003 says.</summary>
public sealed class FreeQuotaTests
{
    [Fact]
    public async Task FreeChat_NotStreamed_IsAnswered()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.ChatAsync("demo/echo:free", "say it back");

        (await response.TextAsync()).ShouldBe("say it back");
        response.Header("x-freeway-model").ShouldBe("demo/echo");
        response.Header("x-freeway-upstream").ShouldBe("loopback");
        response.Header("x-freeway-tier").ShouldBe("free");
        response.Header("X-RateLimit-Limit").ShouldBe("10");
        response.Header("X-RateLimit-Remaining").ShouldBe("9");
        var midnight = DateTimeOffset.Parse(gateway.NextMidnight(), CultureInfo.InvariantCulture);
        response.Header("X-RateLimit-Reset").ShouldBe(midnight.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        response.Header("x-ratelimit-remaining-requests").ShouldBe("9");
        response.Header("RateLimit-Policy").ShouldBe("\"fastrouter-free.daily\";q=10;w=86400");
        response.Header("RateLimit").ShouldStartWith("\"fastrouter-free.daily\";r=9;t=");
        int.Parse(response.Header("RateLimit").Split("t=")[1], CultureInfo.InvariantCulture)
            .ShouldBeInRange(1, (int)(midnight - gateway.Now).TotalSeconds + 1);
        response.Header("x-request-id").Length.ShouldBe(32);
    }

    [Fact]
    public async Task FreeChat_Streamed_IsAnsweredEventByEvent()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.ChatAsync("demo/echo:free", "say it back", stream: true);

        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        var body = await response.Content.ReadAsStringAsync();
        body.ShouldEndWith("data: [DONE]\n\n");
        var text = string.Concat(body.Split("\n\n").Where(line => line.StartsWith("data: {", StringComparison.Ordinal))
            .Select(line => JsonDocument.Parse(line[6..]).RootElement.GetProperty("choices"))
            .Where(choices => choices.GetArrayLength() > 0)
            .Select(choices => choices[0].GetProperty("delta").TryGetProperty("content", out var content) ? content.GetString() : ""));
        text.ShouldBe("say it back");
        body.ShouldNotContain("\"prompt_tokens\"", customMessage: "the caller did not ask for usage");
    }

    [Fact]
    public async Task EleventhOfADay_FromAnotherKeyOfTheOrg_IsRefusedAsTheReferenceSays()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var otherKey = gateway.Client(await gateway.NewKeyAsync(gateway.Org));
        for (var i = 0; i < 10; i++)
        {
            using var admitted = await gateway.ChatAsync("demo/echo:free", stream: i % 2 is 0, client: i % 3 is 0 ? otherKey : null);
            admitted.StatusCode.ShouldBe(HttpStatusCode.OK);
            await admitted.Content.ReadAsStringAsync();
        }

        using var response = await gateway.ChatAsync("demo/echo:free", client: otherKey);

        var error = await response.ErrorAsync(HttpStatusCode.TooManyRequests);
        error.GetProperty("code").GetString().ShouldBe("free_quota_exceeded");
        error.GetProperty("type").GetString().ShouldBe("rate_limit_error");
        error.GetProperty("message").GetString().ShouldStartWith("Your organisation has reached the daily free request limit for this model.");
        error.GetProperty("quota_limit").GetInt64().ShouldBe(10);
        error.GetProperty("quota_used").GetInt64().ShouldBe(10);
        error.GetProperty("reset_at").GetString().ShouldBe(gateway.NextMidnight());
        string?[] suggested = [.. error.GetProperty("suggestions").EnumerateArray().Select(model => model.GetString())];
        suggested.ShouldBe(["sarvam/sarvam-105b:free", "sarvam/sarvam-30b:free"], "the organisation has no credit, so its bare slug is no help");
        var wait = response.Headers.RetryAfter!.Delta!.Value;
        var left = DateTimeOffset.Parse(gateway.NextMidnight(), CultureInfo.InvariantCulture) - gateway.Now;
        wait.ShouldBeInRange(left - TimeSpan.FromMinutes(6), left + TimeSpan.FromMinutes(6));
        response.Header("x-should-retry").ShouldBe("false");
    }

    [Fact]
    public async Task SpentModel_OtherFreeModelAndBareId_StillAnswer()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.SpendAsync("demo/echo:free");

        using var other = await gateway.ChatAsync("sarvam/sarvam-105b:free");
        using var bare = await gateway.ChatAsync("demo/echo");

        other.StatusCode.ShouldBe(HttpStatusCode.OK);
        bare.StatusCode.ShouldBe(HttpStatusCode.OK);
        bare.Header("x-freeway-tier").ShouldBe("paid");
    }

    [Fact]
    public async Task SpentOrg_AnotherOrg_HasItsOwnTen()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.SpendAsync("demo/echo:free");
        using var stranger = gateway.Client(await gateway.NewKeyAsync("another"));

        using var response = await gateway.ChatAsync("demo/echo:free", client: stranger);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task FortyCallersAtOnce_OfAQuotaNobodyHasTouched_TenAreAdmitted()
    {
        await using var gateway = await TestGateway.StartAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(async _ =>
        {
            using var response = await gateway.ChatAsync("demo/echo:free");
            await response.Content.ReadAsStringAsync();
            return response.StatusCode;
        }));

        answers.Count(status => status is HttpStatusCode.OK).ShouldBe(10);
        answers.Count(status => status is HttpStatusCode.TooManyRequests).ShouldBe(30);
        (await gateway.ActivityAsync(10)).Count.ShouldBe(10);
        gateway.Upstream.Received.ShouldBe(10);
    }
}
