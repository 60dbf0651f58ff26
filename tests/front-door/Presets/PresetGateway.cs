using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Freeway.FrontDoor.Tests.Support;

namespace Freeway.FrontDoor.Tests.Presets;

/// <summary>A gateway whose plans are those of one shipped preset.</summary>
internal static partial class PresetGateway
{
    /// <param name="plan">The plan of bare ids; null for the usual one.</param>
    public static Task<TestGateway> StartAsync(
        string preset, string? plan, JsonObject[] models, params (string Name, string Value)[] settings) =>
        StartAsync(null, preset, plan, models, settings);

    private static Dictionary<string, string?> Settings(
        string preset, string? plan, JsonObject[] models, (string Name, string Value)[] settings)
    {
        var catalogue = new JsonObject { ["presets"] = new JsonArray(preset), ["models"] = new JsonArray(models) };
        if (plan is not null)
        {
            catalogue["default_plan"] = plan;
        }

        return TestCatalogue.Settings(catalogue, settings);
    }

    public static JsonObject Free(string id, string plan) => TestCatalogue.Model(id, new { free = new { enabled = true, plan } });

    /// <summary>A model whose every output token costs ten cents.</summary>
    public static JsonObject Dear(string id) => TestCatalogue.Model(id, new { usd_per_million_tokens = new { input = 1, output = 100_000 } });

    /// <summary>A prompt of five words, answered with as many as it may be; the answer is read to its end.</summary>
    public static async Task<HttpResponseMessage> AskAsync(this TestGateway gateway, HttpClient caller, string model, int tokens = 5)
    {
        var response = await gateway.PostAsync(
            JsonSerializer.Serialize(new { model, max_tokens = tokens, messages = new[] { new { role = "user", content = $"/script words={tokens} x one two" } } }), caller);
        await response.Content.LoadIntoBufferAsync();
        return response;
    }

    /// <summary>Asks again and again, and is admitted each time.</summary>
    public static async Task AdmittedAsync(this TestGateway gateway, HttpClient caller, string model, int times, int tokens = 5)
    {
        for (var i = 0; i < times; i++)
        {
            using var response = await gateway.AskAsync(caller, model, tokens);
            response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        }
    }

    /// <summary>Asks, and is refused with this code.</summary>
    public static async Task RefusedAsync(this TestGateway gateway, HttpClient caller, string model, HttpStatusCode status, string code, int tokens = 5)
    {
        using var response = await gateway.AskAsync(caller, model, tokens);
        (await response.ErrorAsync(status)).GetProperty("code").GetString().ShouldBe(code);
    }

    /// <summary>Asks, is admitted, and paid for from there.</summary>
    public static async Task TierAsync(this TestGateway gateway, HttpClient caller, string model, string tier, int tokens = 5)
    {
        using var response = await gateway.AskAsync(caller, model, tokens);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        response.Header("x-freeway-tier").ShouldBe(tier);
    }

    /// <summary>A prompt of so many words of three bytes, which is what a token is estimated with, answered with <paramref name="answer"/> words at most.</summary>
    public static async Task<HttpResponseMessage> AskAtLengthAsync(this TestGateway gateway, HttpClient caller, string model, int words, int answer = 1)
    {
        var content = string.Join(' ', Enumerable.Repeat("to", words));
        var response = await gateway.PostAsync(JsonSerializer.Serialize(new { model, max_tokens = answer, messages = new[] { new { role = "user", content } } }), caller);
        await response.Content.LoadIntoBufferAsync();
        return response;
    }

    /// <summary>What the caller has of a limit, as GET quota shows it.</summary>
    public static async Task<JsonElement> LimitAsync(this TestGateway gateway, HttpClient caller, string limit, string? model = null) =>
        (await gateway.GetAsync("api/v1/quota", caller)).GetProperty("data").EnumerateArray().First(card =>
            card.GetProperty("id").GetString() == limit && (model is null || card.GetProperty("model").GetString() == model));

    /// <summary>What the account has left once all is settled.</summary>
    public static async Task LeavesAsync(this TestGateway gateway, HttpClient caller, decimal nanos) =>
        (await Eventually.GetAsync(() => gateway.LeftAsync(caller), left => left == nanos)).ShouldBe(nanos);
}
