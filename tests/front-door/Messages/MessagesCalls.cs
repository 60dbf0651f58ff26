using System.Text.Json;
using System.Text.Json.Nodes;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Runner.Loopback;

namespace Freeway.FrontDoor.Tests.Messages;

/// <summary>Requests of the Messages API, and gateways whose upstreams speak it or do not.</summary>
internal static class MessagesCalls
{
    public const string Slug = "acme/model:free";

    /// <summary>A gateway whose only model comes from an upstream that speaks chat completions alone.</summary>
    public static Task<TestGateway> TranslatingAsync(Func<LoopbackRequest, LoopbackScript?>? script = null) =>
        TestGateway.StartAsync(script, Settings(TestGateway.LoopbackAddress, "chat/completions"));

    /// <summary>A gateway whose only model comes from an upstream at this address.</summary>
    /// <param name="surfaces">What the upstream speaks.</param>
    public static Dictionary<string, string?> Settings(string address, params string[] surfaces)
    {
        var settings = TwoUpstreams.Settings(
            new JsonObject
            {
                ["one"] = new JsonObject
                {
                    ["base_url"] = "http://127.0.0.1:1/v1",
                    ["surfaces"] = JsonSerializer.SerializeToNode(surfaces),
                },
            },
            [TwoUpstreams.Model("acme/model", ("one", "theirs"))]);
        settings["Freeway:Upstreams:one:BaseUrl"] = address;
        return settings;
    }

    public static string Body(string text = "one two three", bool stream = false, string model = Slug, string more = "{}")
    {
        var body = JsonNode.Parse(more)!.AsObject();
        body["model"] = model;
        body["max_tokens"] ??= 100;
        body["stream"] = stream;
        body["messages"] ??= new JsonArray(new JsonObject { ["role"] = "user", ["content"] = text });
        return body.ToJsonString();
    }

    public static Task<HttpResponseMessage> MessageAsync(
        this TestGateway gateway, string body, params (string Name, string Value)[] headers) =>
        gateway.PostAsync(body, path: "api/v1/messages", headers: headers);

    /// <summary>The data of a stream's events, in order.</summary>
    public static IReadOnlyList<JsonElement> Events(string stream) =>
    [
        .. stream.Split('\n')
            .Where(line => line.StartsWith("data: ", StringComparison.Ordinal))
            .Select(line => JsonElement.Parse(line["data: ".Length..])),
    ];

    /// <summary>Their types, in order.</summary>
    public static IReadOnlyList<string> Types(string stream) =>
        [.. Events(stream).Select(data => data.GetProperty("type").GetString()!)];

    public static async Task<long> FreeLeftAsync(this TestGateway gateway, string slug = Slug) =>
        (await gateway.GetAsync($"api/v1/quota/{slug}")).GetProperty("data")[0].GetProperty("remaining").GetInt64();
}
