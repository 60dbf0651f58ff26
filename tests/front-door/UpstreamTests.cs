using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Runner.Loopback;
using Freeway.Tests.Shared;

namespace Freeway.FrontDoor.Tests;

/// <summary>Presets of upstreams, switched on by their keys, and what the operator is told of them.</summary>
public sealed class UpstreamTests
{
    private const string Key = "sk-the-very-secret-key";

    private static readonly string[] Presets =
        [.. Directory.GetFiles(Path.Combine(RepositoryFolder.Root, "presets", "upstreams")).Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    [Fact]
    public async Task Presets_WithoutKeys_AreNeverCalled()
    {
        await using var gateway = await StartAsync(Presets);

        foreach (var preset in Presets)
        {
            using var response = await gateway.ChatAsync($"test/{preset}");
            (await response.ErrorAsync(HttpStatusCode.BadGateway)).GetProperty("code").GetString().ShouldBe("upstream_error");
        }

        gateway.Upstream.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Preset_WithItsKey_IsCalledWithThatKeyAndNothingOfTheCallers()
    {
        await using var gateway = await StartAsync(["sarvam"], ("SARVAM_API_KEY", Key));

        using var response = await gateway.PostAsync(
            """{"model":"test/sarvam","messages":[{"role":"user","content":"hello"}],"max_completion_tokens":7,"logit_bias":{}}""",
            headers: [("x-api-key", "mine"), ("Cookie", "a=b"), ("X-Forwarded-For", "192.0.2.1"), ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"), ("X-Anything", "1")]);

        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        var sent = gateway.Upstream.Requests.ShouldHaveSingleItem();
        sent.Headers.Keys.Order(StringComparer.OrdinalIgnoreCase).ShouldBe(["api-subscription-key", "Content-Length", "Content-Type", "Host"], Case.Insensitive);
        sent.Headers["api-subscription-key"].ShouldBe(Key);
        JsonNode.Parse(sent.Body.Span)!.ToJsonString().ShouldBe("""{"model":"another","messages":[{"role":"user","content":"hello"}],"max_tokens":7}""");
    }

    [Fact]
    public async Task Preset_ItsKey_IsInNoAnswerAndNoRecord()
    {
        await using var gateway = await StartAsync(["openrouter"], ("OPENROUTER_API_KEY", Key));
        using var admin = gateway.Client(gateway.Host.AdminKey!);

        using var answered = await gateway.ChatAsync("test/openrouter");
        using var proposed = await admin.GetAsync("api/v1/admin/upstreams/openrouter/models");
        using var reported = await admin.GetAsync("api/v1/admin/upstreams/openrouter/key");
        var records = await gateway.ActivityAsync(1);

        foreach (var response in new[] { answered, proposed, reported })
        {
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
            $"{response.Headers} {await response.Content.ReadAsStringAsync()}".ShouldNotContain(Key);
        }

        records.ShouldHaveSingleItem().ToString().ShouldNotContain(Key);
        string.Concat((await gateway.LedgerAsync("")).SelectMany(row => row.Keys.Select(name => $"{row[name]}"))).ShouldNotContain(Key);
    }

    [Fact]
    public async Task Models_OfAnUpstream_AreProposedAndNothingChanges()
    {
        await using var gateway = await StartAsync(["openrouter"], ("OPENROUTER_API_KEY", Key));
        using var admin = gateway.Client(gateway.Host.AdminKey!);
        var before = await gateway.GetAsync("api/v1/models");

        var proposals = (await gateway.GetAsync("api/v1/admin/upstreams/openrouter/models", admin)).GetProperty("data").EnumerateArray().ToList();

        proposals.Select(card => $"{card.GetProperty("change")} {card.GetProperty("upstream_model")}").ShouldBe(["gone another", "new echo"]);
        proposals[1].GetProperty("entry").ToString().ShouldBe(
            """{"id":"openrouter/echo","name":"echo","free":{"enabled":false},"routes":[{"upstream":"openrouter","model":"echo"}]}""");
        JsonElement.DeepEquals(await gateway.GetAsync("api/v1/models"), before).ShouldBeTrue();
    }

    [Fact]
    public async Task Models_AskedForWithoutTheAdminKey_AreRefused()
    {
        await using var gateway = await StartAsync(["openrouter"], ("OPENROUTER_API_KEY", Key));

        using var response = await gateway.Http.GetAsync("api/v1/admin/upstreams/openrouter/models");

        (await response.ErrorAsync(HttpStatusCode.Forbidden)).GetProperty("code").GetString().ShouldBe("wrong_key_type");
        gateway.Upstream.Requests.ShouldBeEmpty();
    }

    /// <summary>A gateway with a model of each of these upstreams, all of which are at the loopback one's address.</summary>
    private static Task<TestGateway> StartAsync(string[] presets, params (string Name, string Value)[] settings) => TestGateway.StartAsync(settings: TestCatalogue.Settings(
        new
        {
            upstreams = presets.ToDictionary(preset => preset, preset => new { preset }),
            models = presets.Select(preset => TestCatalogue.Model($"test/{preset}", new
            {
                usd_per_million_tokens = new { input = 0, output = 0 },
                routes = new[] { new { upstream = preset, model = preset is "cloudflare-workers-ai" ? "@cf/meta/llama-3.2-1b-instruct" : "another" } },
            })).ToArray(),
        },
        [.. settings, .. presets.Select(preset => ($"Freeway:Upstreams:{preset}:BaseUrl", TestGateway.LoopbackAddress))]));
}
