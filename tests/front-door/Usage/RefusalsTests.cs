using System.Net;
using System.Text.Json;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Identity;
using Freeway.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace Freeway.FrontDoor.Tests.Usage;

/// <summary>Refusals cost nothing and are counted all the same.</summary>
public sealed class RefusalsTests
{
    [Fact]
    public async Task Refusals_OfADay_AreRolledUpByModelCodeAndLimit()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.SpendAsync("demo/echo:free");
        for (var i = 0; i < 5; i++)
        {
            using var spent = await gateway.ChatAsync("demo/echo:free");
            spent.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        }

        using var off = await gateway.ChatAsync("demo/paid:free");
        off.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var unknown = await gateway.ChatAsync("=no/such model");
        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var broken = await gateway.PostAsync("{");
        broken.StatusCode.ShouldBe(HttpStatusCode.BadRequest);

        var refusals = await SeenAsync(gateway, 4);

        Tell(refusals).ShouldBe(
            ["demo/echo free free_quota_exceeded fastrouter-free.daily 5", "demo/paid free free_slug_not_enabled - 1", "unknown - invalid_json - 1", "unknown - model_not_found - 1"]);
        refusals.ShouldAllBe(refusal => refusal.GetProperty("minute").GetString() == "2026-05-29T12:00:00Z");
        (await gateway.GetAsync("api/v1/refusals?code=model_not_found")).GetProperty("data").GetArrayLength().ShouldBe(1);
        (await gateway.GetAsync("api/v1/refusals?model=demo/echo")).GetProperty("data").GetArrayLength().ShouldBe(1);
        (await gateway.GetAsync("api/v1/refusals?from=2026-05-29T12:01:00Z")).GetProperty("data").GetArrayLength().ShouldBe(0);
        (await gateway.CsvAsync("api/v1/refusals")).Sum(row => int.Parse(row["count"])).ShouldBe(8);
        using var wrong = await gateway.Http.GetAsync("api/v1/refusals?code=nonsense");
        (await wrong.ErrorAsync(HttpStatusCode.BadRequest)).GetProperty("param").GetString().ShouldBe("code");
    }

    [Fact]
    public async Task Refusals_OfStrangers_AreNotCounted()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var nobody = gateway.Client("fw-nobody");
        using var disabled = gateway.Client(await gateway.NewKeyAsync("demo", disabled: true));
        for (var i = 0; i < 3; i++)
        {
            using var unknown = await gateway.ChatAsync("demo/echo:free", client: nobody);
            unknown.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            using var closed = await gateway.ChatAsync("demo/echo:free", client: disabled);
            closed.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        }

        using var known = await gateway.ChatAsync("nobody/knows");
        known.StatusCode.ShouldBe(HttpStatusCode.NotFound);

        Tell(await SeenAsync(gateway, 1)).ShouldBe(["unknown - model_not_found - 1"]);
    }

    [Fact]
    public async Task Refusals_ThatAreKnown_CostNoStorageUntilTheyAreWritten()
    {
        using var storage = new FaultyTransport(1, FaultRates.None);
        await using var gateway = await TestGateway.StartAsync(
            runTimers: false, services: services => services.AddSingleton<Azure.Core.Pipeline.HttpPipelineTransport>(storage));
        await gateway.SpendAsync("demo/echo:free");
        await gateway.ActivityAsync(10);
        using (await gateway.ChatAsync("demo/echo:free"))
        {
        }

        var asked = 0;
        storage.Seen = request => asked += request.Uri.ToString().Contains("ledger", StringComparison.Ordinal) ? 1 : 0;
        for (var i = 0; i < 200; i++)
        {
            using var refused = await gateway.ChatAsync("demo/echo:free");
            refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        }

        asked.ShouldBe(0);
        (await Eventually.GetAsync(async () => (await SeenAsync(gateway, 1)).Sum(refusal => refusal.GetProperty("count").GetInt64()), sum => sum >= 201)).ShouldBe(201);
    }

    [Fact]
    public async Task Refusals_OfAFailedUpstream_AreRecordsAndNoRefusals()
    {
        await using var gateway = await TestGateway.StartAsync(
            settings: new Dictionary<string, string?> { [TestGateway.UpstreamUrl] = TestGateway.UnreachableAddress });
        using var failed = await gateway.ChatAsync("demo/echo:free");
        failed.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        await gateway.ActivityAsync(1);

        await gateway.Host.Services.GetRequiredService<RefusalCounter>().WriteAsync(default);

        (await gateway.GetAsync("api/v1/refusals")).GetProperty("data").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Refusals_CountedBeforeAStop_AreWrittenByIt()
    {
        IRefusalStore store;
        await using (var gateway = await TestGateway.StartAsync())
        {
            store = gateway.Host.Services.GetRequiredService<IRefusalStore>();
            using var refused = await gateway.ChatAsync("nobody/knows");
        }

        (await store.QueryAsync("demo", new RefusalQuery(), default)).Refusals.ShouldHaveSingleItem().Count.ShouldBe(1);
    }

    [Fact]
    public async Task Refusals_OfAnotherOrg_AreItsOwn()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var poor = await gateway.NewCallerAsync(new Org("poor", "Poor"));
        using var refused = await gateway.ChatAsync("demo/echo", client: poor);
        refused.StatusCode.ShouldBe(HttpStatusCode.PaymentRequired);
        await gateway.Host.Services.GetRequiredService<RefusalCounter>().WriteAsync(default);

        (await gateway.GetAsync("api/v1/refusals")).GetProperty("data").GetArrayLength().ShouldBe(0);
        Tell([.. (await gateway.GetAsync("api/v1/refusals", poor)).GetProperty("data").EnumerateArray()]).ShouldBe(["demo/echo - insufficient_credits account 1"]);
    }

    private static async Task<IReadOnlyList<JsonElement>> SeenAsync(TestGateway gateway, int count) => await Eventually.GetAsync(
        async () => (await gateway.GetAsync("api/v1/refusals")).GetProperty("data").EnumerateArray().ToList(), seen => seen.Count >= count);

    private static IEnumerable<string> Tell(IEnumerable<JsonElement> refusals) => refusals.Select(refusal =>
        $"{Word(refusal, "model")} {Word(refusal, "variant")} {Word(refusal, "code")} {Word(refusal, "limit")} {refusal.GetProperty("count")}").Order(StringComparer.Ordinal);

    private static string Word(JsonElement refusal, string name) => refusal.TryGetProperty(name, out var word) ? word.GetString()! : "-";
}
