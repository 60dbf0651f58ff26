using System.Net;
using System.Text;
using System.Text.Json;
using Freeway.FrontDoor.Tests.Support;

namespace Freeway.FrontDoor.Tests;

/// <summary>Limits of end users: each person behind an app has their own, through one key.</summary>
public sealed class EndUserTests
{
    private const string Header = "x-freeway-end-user";

    [Fact]
    public async Task EleventhOfOneEndUser_ThroughTheSameKey_IsRefusedAndAnotherIsServed()
    {
        await using var gateway = await StartAsync();
        for (var i = 0; i < 10; i++)
        {
            using var admitted = await SendAsync(gateway, user: "alice");
            admitted.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        using var eleventh = await SendAsync(gateway, user: "alice");
        using var other = await SendAsync(gateway, user: "bob");

        var error = await eleventh.ErrorAsync(HttpStatusCode.TooManyRequests);
        error.GetProperty("code").GetString().ShouldBe("free_quota_exceeded");
        error.GetProperty("message").GetString().ShouldBe(
            "This end user's free quota of 10 requests per day is used up. It is whole again at 2026-05-30T00:00:00Z.");
        error.GetProperty("limit_source").GetString().ShouldBe("app.daily");
        eleventh.Header("x-should-retry").ShouldBe("false");
        other.StatusCode.ShouldBe(HttpStatusCode.OK);
        other.Header("X-RateLimit-Remaining").ShouldBe("9");
        gateway.Upstream.Received.ShouldBe(11);
    }

    private static Task<TestGateway> StartAsync(
        object? limit = null, params (string Name, string Value)[] settings) => TestGateway.StartAsync(
        settings: TestCatalogue.Settings(
            new
            {
                plans = new { app = new { limits = new[] { limit ?? Daily(10) } } },
                models = new[]
                {
                    TestCatalogue.Model("test/model", new { free = new { enabled = true, plan = "app" } }),
                    TestCatalogue.Model("test/other", new { free = new { enabled = true, plan = "app" } }),
                },
            },
            settings));

    private static object Daily(int amount, string scope = "end-user") =>
        new { name = "daily", unit = "requests", amount, window = "day", scope };

    private static Task<HttpResponseMessage> SendAsync(
        TestGateway gateway, string? user = null, string? safety = null, string? header = null, string model = "test/model:free")
    {
        var body = new Dictionary<string, object?>
        {
            ["model"] = model,
            ["messages"] = new[] { new { role = "user", content = "hello" } },
        };
        foreach (var (name, value) in new[] { ("user", user), ("safety_identifier", safety) })
        {
            if (value is not null)
            {
                body[name] = value;
            }
        }

        return gateway.PostAsync(
            JsonSerializer.Serialize(body), headers: header is null ? [] : [(Header, header)]);
    }
}
