using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Freeway.Runner.Loopback;

namespace Freeway.FrontDoor.Tests.Support;

/// <summary>
/// A gateway whose model <see cref="Slug"/> two upstreams serve: "one" as "first", then "two" as "second".
/// </summary>
internal static class TwoUpstreams
{
    public const string Slug = "acme/both:free";

    public static Task<TestGateway> StartAsync(
        Func<LoopbackRequest, LoopbackScript?>? first = null, Func<LoopbackRequest, LoopbackScript?>? second = null, object[]? limits = null, (string, string)[]? settings = null) =>
        TestGateway.StartAsync(
            request => request.Chat!.Model is "first" ? first?.Invoke(request) : second?.Invoke(request),
            Settings(
                new JsonObject { ["one"] = Upstream(limits ?? []), ["two"] = Upstream() },
                [Model("acme/both", ("one", "first"), ("two", "second"))],
                settings ?? []));

    public static Dictionary<string, string?> Settings(JsonObject upstreams, JsonObject[] models, params (string Name, string Value)[] settings)
    {
        var all = TestCatalogue.Settings(new
        {
            upstreams,
            plans = new { free = new { limits = new[] { new { name = "a-day", unit = "requests", amount = 100, window = "day", scope = "org" } } } },
            models,
        });
        foreach (var (name, value) in new[] { ("Freeway:Upstreams:one:BaseUrl", TestGateway.LoopbackAddress), ("Freeway:Upstreams:two:BaseUrl", TestGateway.LoopbackAddress) }.Concat(settings))
        {
            all[name] = value;
        }

        return all;
    }

    public static JsonObject Upstream(params object[] limits) => JsonSerializer.SerializeToNode(new
    {
        base_url = "http://127.0.0.1:1/v1",
        limits,
        rate_limit_headers = new[] { new { unit = "requests", window = "day", limit = "x-ratelimit-limit", remaining = "x-ratelimit-remaining" } },
    })!.AsObject();

    public static JsonObject Model(string id, params (string Upstream, string Model)[] routes) => TestCatalogue.Model(id, new
    {
        free = new { enabled = true, plan = "free" },
        routes = routes.Select(route => new { upstream = route.Upstream, model = route.Model }),
    });

    public static Task<HttpResponseMessage> AskAsync(TestGateway gateway, bool stream = false, string? provider = null, string more = "{}", (string, string)[]? headers = null)
    {
        var body = JsonNode.Parse(more)!.AsObject();
        if (provider is not null)
        {
            body["provider"] = JsonNode.Parse(provider);
        }

        body["model"] = Slug;
        body["stream"] = stream;
        body["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "hello there" });
        return gateway.PostAsync(body.ToJsonString(), headers: headers ?? []);
    }

    public static async Task<long> UsedAsync(TestGateway gateway)
    {
        var quota = (await gateway.GetAsync($"api/v1/quota/{Slug}")).GetProperty("data")[0];
        quota.GetProperty("reserved").GetInt64().ShouldBe(0);
        return quota.GetProperty("used").GetInt64();
    }

    public static async Task<JsonElement> RecordAsync(TestGateway gateway, HttpResponseMessage response)
    {
        await response.Content.LoadIntoBufferAsync();
        var path = $"api/v1/activity/{response.Header("x-freeway-request-id")}";
        await Eventually.TrueAsync(async () =>
        {
            using var found = await gateway.Http.GetAsync(path);
            return found.StatusCode is HttpStatusCode.OK;
        });
        return await gateway.GetAsync(path);
    }

    public static IReadOnlyList<(string Upstream, int? Status, string? Reason)> Attempts(JsonElement record) =>
    [
        .. record.GetProperty("attempts").EnumerateArray().Select(attempt => (
            attempt.GetProperty("upstream").GetString()!,
            attempt.TryGetProperty("status", out var status) ? status.GetInt32() : (int?)null,
            attempt.TryGetProperty("reason", out var reason) ? reason.GetString() : null)),
    ];
}
