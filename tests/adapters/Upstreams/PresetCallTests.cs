using System.Text.Json.Nodes;
using Freeway.Gateway.Upstreams;
using Microsoft.AspNetCore.Http;

namespace Freeway.Adapters.Tests.Upstreams;

/// <summary>Each preset against a server that behaves like the system's documents.</summary>
public sealed class PresetCallTests
{
    private const string Request = """
        {
          "model": "some/model", "logit_bias": { "5": 1 }, "store": false, "messages": [ { "role": "user", "content": "logit_bias, \"store\": {" } ],
          "max_completion_tokens": 64, "service_tier": "auto", "logprobs": true, "top_logprobs": 2, "frequency_penalty": 0.5, "presence_penalty": 0.5,
          "parallel_tool_calls": false, "metadata": {}, "prompt_cache_key": "a", "safety_identifier": "b", "web_search_options": {}, "temperature": 0.25,
          "stream": true, "stream_options": { "include_usage": true }
        }
        """;

    public static TheoryData<string> Presets => [.. DocumentedUpstream.All.Select(documented => documented.Preset)];

    [Theory]
    [MemberData(nameof(Presets))]
    public async Task Send_ToASystemAsDocumented_IsTakenAndItsLimitsAreRead(string preset)
    {
        var documented = DocumentedUpstream.All.Single(one => one.Preset == preset);
        await using var upstream = await ScriptedUpstream.StartAsync((request, response) => AnswerAsync(documented, request, response));
        await using var rig = new UpstreamRig($$"""{ "preset": "{{preset}}" }""", $"http://127.0.0.1:{upstream.Port}/some/v1");

        using var reply = await rig.PostAsync(Request);

        var received = upstream.Received.ShouldHaveSingleItem();
        reply.Status.ShouldBe(200, received.Body);
        (received.Method, received.Path).ShouldBe(("POST", "/some/v1/chat/completions"));
        received.Headers.Keys.Order(StringComparer.OrdinalIgnoreCase).ShouldBe(
            new[] { documented.KeyHeader.Split(':')[0], "Content-Length", "Content-Type", "Host" }.Order(StringComparer.OrdinalIgnoreCase), Case.Insensitive);
        Expected(documented).ShouldBe(JsonNode.Parse(received.Body)!.ToJsonString());
        reply.RateLimits.ShouldBe(documented.Readings);
        reply.Headers.Keys.Order(StringComparer.Ordinal).ShouldBe(documented.Headers.Select(header => header.Name.ToLowerInvariant()).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("gpt-5-mini", "max_completion_tokens")]
    [InlineData("gpt-4o-mini", "max_tokens")]
    public async Task Send_ACeilingToOpenAi_HasTheNameThatTheModelKnows(string model, string ceiling)
    {
        await using var upstream = await ScriptedUpstream.StartAsync((_, response) => response.WriteAsync("{}"));
        await using var rig = new UpstreamRig("""{ "preset": "openai" }""", $"http://127.0.0.1:{upstream.Port}/v1");

        using var reply = await rig.PostAsync($$"""{"model":"{{model}}","messages":[],"max_tokens":5}""");

        upstream.Received.ShouldHaveSingleItem().Body.ShouldBe($$"""{"model":"{{model}}","messages":[],"{{ceiling}}":5}""");
    }

    [Fact]
    public void Documented_Systems_AreAllOfThePresets() => DocumentedUpstream.All.Select(one => $"{one.Preset}.json").Order(StringComparer.Ordinal).ShouldBe(
        System.IO.Directory.GetFiles(Path.Combine(Freeway.Tests.Shared.RepositoryFolder.Root, "presets", "upstreams")).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));

    private static async Task AnswerAsync(DocumentedUpstream documented, ReceivedRequest request, HttpResponse response)
    {
        var (name, value) = (documented.KeyHeader.Split(": ")[0], documented.KeyHeader.Split(": ")[1]);
        var body = JsonNode.Parse(request.Body)!.AsObject();
        var refused = documented.Refused.Where(body.ContainsKey).ToList();
        response.StatusCode = request.Headers.GetValueOrDefault(name) != value ? 401 : refused.Count > 0 ? 400 : 200;
        foreach (var header in documented.Headers)
        {
            response.Headers[header.Name] = header.Value;
        }

        await response.WriteAsync(string.Join(", ", refused));
    }

    /// <summary>The request without what is refused, and nothing else changed.</summary>
    private static string Expected(DocumentedUpstream documented)
    {
        var sent = new JsonObject();
        foreach (var (name, value) in JsonNode.Parse(Request)!.AsObject())
        {
            var known = name is "max_completion_tokens" ? documented.Ceiling : name;
            if (!documented.Refused.Contains(known))
            {
                sent[known] = value?.DeepClone();
            }
        }

        return sent.ToJsonString();
    }
}
