using Freeway.Gateway.Upstreams;
using Microsoft.AspNetCore.Http;

namespace Freeway.Adapters.Tests.Upstreams;

public sealed class UpstreamDirectoryTests
{
    private const string OpenRouter = """{ "preset": "openrouter" }""";

    [Fact]
    public async Task ListModels_OfAnUpstream_AreAskedForWithItsKey()
    {
        await using var upstream = await ScriptedUpstream.StartAsync((_, response) => response.WriteAsync(
            """{"data":[{"id":"a/b:free","name":"B (free)","context_length":32768,"pricing":{"prompt":"0","completion":"0"}},{"id":"a/c","pricing":{"prompt":"0.00000015","completion":"0.0000006"}}]}"""));
        await using var rig = new UpstreamRig(OpenRouter, $"http://127.0.0.1:{upstream.Port}/api/v1");

        var models = await rig.Directory.ListModelsAsync(rig.Upstream, CancellationToken.None);

        models.ShouldBe([new ListedModel("a/b:free", "B (free)", 32768, 0, 0), new ListedModel("a/c", null, null, 0.15m, 0.6m)]);
        var asked = upstream.Received.ShouldHaveSingleItem();
        (asked.Method, asked.Path, asked.Headers["Authorization"]).ShouldBe(("GET", "/api/v1/models", $"Bearer {UpstreamRig.Key}"));
    }

    [Fact]
    public async Task ReadKey_OfOpenRouter_IsWhatItReportsWithoutItsLabel()
    {
        await using var upstream = await ScriptedUpstream.StartAsync((_, response) => response.WriteAsync(
            """{"data":{"label":"sk-or-v1-0fa...240","limit":5,"usage":0.1015644762,"limit_remaining":4.8984355238,"usage_daily":0.05,"usage_monthly":0.1,"is_free_tier":false,"free_model_daily_requests":{"limit":1000,"used":40,"remaining":960},"rate_limit":{"requests":50,"interval":"10s"}}}"""));
        await using var rig = new UpstreamRig(OpenRouter, $"http://127.0.0.1:{upstream.Port}/api/v1");

        var report = await rig.Directory.ReadKeyAsync(rig.Upstream, CancellationToken.None);

        report.ShouldBe(new KeyReport(5, 4.8984355238m, 0.1015644762m, 0.05m, 0.1m, false, new FreeRequestReport(1000, 40, 960)));
        upstream.Received.ShouldHaveSingleItem().Path.ShouldBe("/api/v1/key");
    }

    [Theory]
    [InlineData(200, "<html>", "its answer cannot be read")]
    [InlineData(200, """{"data":5}""", "its answer cannot be read")]
    [InlineData(401, "{}", "it answered with status 401")]
    [InlineData(302, "{}", "it answered with status 302")]
    public async Task ListModels_ThereIsNoList_SaysWhy(int status, string body, string reason)
    {
        await using var upstream = await ScriptedUpstream.StartAsync((_, response) =>
        {
            response.StatusCode = status;
            return response.WriteAsync(body);
        });
        await using var rig = new UpstreamRig(OpenRouter, $"http://127.0.0.1:{upstream.Port}/api/v1");

        (await Should.ThrowAsync<UpstreamUnreachableException>(rig.Directory.ListModelsAsync(rig.Upstream, CancellationToken.None))).Message.ShouldBe(reason);
    }

    [Fact]
    public async Task ListModels_TheUpstreamStaysSilent_IsGivenUp()
    {
        using var asked = new SemaphoreSlim(0);
        await using var upstream = await ScriptedUpstream.StartAsync(async (_, response) =>
        {
            var gone = new TaskCompletionSource();
            await using var given = response.HttpContext.RequestAborted.Register(gone.SetResult);
            asked.Release();
            await gone.Task;
        });
        await using var rig = new UpstreamRig(OpenRouter, $"http://127.0.0.1:{upstream.Port}/api/v1");

        var listing = rig.Directory.ListModelsAsync(rig.Upstream, CancellationToken.None);
        (await asked.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBeTrue();
        rig.Clock.Advance(TimeSpan.FromSeconds(31));

        (await Should.ThrowAsync<UpstreamUnreachableException>(listing)).Message.ShouldBe("it did not answer in time");
    }
}
