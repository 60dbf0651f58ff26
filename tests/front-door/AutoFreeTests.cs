using System.Net;
using System.Text.Json.Nodes;
using Azure.Core.Pipeline;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Identity;
using Freeway.Runner.Loopback;
using Freeway.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace Freeway.FrontDoor.Tests;

/// <summary>Contract §1: <c>auto:free</c> is any free model that fits and still has quota, in the catalogue's order.</summary>
public sealed class AutoFreeTests
{
    [Fact]
    public async Task Auto_OneModelAfterTheOther_AnswersInTheCataloguesOrder()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        List<string> models = [];
        for (var i = 0; i < 9; i++)
        {
            using var response = await gateway.ChatAsync("auto:free", client: caller);
            response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
            (await response.JsonAsync()).GetProperty("model").GetString().ShouldBe(response.Header("x-freeway-model"));
            response.Header("x-freeway-tier").ShouldBe("free");
            models.Add(response.Header("x-freeway-model"));
        }

        models.ShouldBe(["acme/day", "acme/day", "acme/minute", "acme/minute", "acme/minute", "acme/wide", "acme/wide", "acme/wide", "acme/wide"]);
        var records = await gateway.ActivityAsync(caller, 9);
        records.Count.ShouldBe(9);
        records.ShouldAllBe(record => record.GetProperty("slug").GetString() == "auto:free" && record.GetProperty("cost_usd").GetString() == "0.00");
        records.Select(record => record.GetProperty("model").GetString()).ShouldBe(models, ignoreOrder: true);
        records.ShouldAllBe(record => record.GetProperty("upstream_model").GetString() == record.GetProperty("model").GetString()!.Split('/', 2)[1]);
    }

    [Theory]
    [InlineData("\"model\":\"auto:free\"", "acme/day")]
    [InlineData("\"models\":[\"acme/minute:free\"]", "acme/minute")]
    [InlineData("\"model\":\"acme/minute:free\"", "acme/minute")]
    public async Task Answer_OfAnyModelThatIsFree_SaysWhichItIsFrom(string asked, string told)
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));
        foreach (var stream in new[] { false, true })
        {
            using var response = await gateway.PostAsync($$"""{{{asked}},"stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"one two"}]}""", caller);
            var body = await response.Content.ReadAsStringAsync();

            response.StatusCode.ShouldBe(HttpStatusCode.OK, body);
            var said = System.Text.RegularExpressions.Regex.Matches(body, "\"model\":\"([^\"]*)\"").Select(match => match.Groups[1].Value).ToList();
            said.ShouldNotBeEmpty();
            said.ShouldAllBe(model => model == told);
        }
    }

    [Fact]
    public async Task Auto_NothingHasQuota_NamesTheOneThatResetsSoonestAndCostsNoStorage()
    {
        var trips = 0;
        using var storage = new FaultyTransport(1, FaultRates.None)
        {
            Seen = request => _ = request.Uri.ToString() is var uri && (uri.Contains("ledger", StringComparison.OrdinalIgnoreCase) || uri.Contains("$batch", StringComparison.Ordinal))
                ? Interlocked.Increment(ref trips)
                : 0,
        };
        await using var gateway = await StartAsync(services: services => services.AddSingleton<HttpPipelineTransport>(storage));
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));
        for (var i = 0; i < 9; i++)
        {
            using var response = await gateway.ChatAsync("auto:free", client: caller);
            await response.Content.ReadAsStringAsync();
        }

        await gateway.ActivityAsync(caller, 9);
        await Eventually.TrueAsync(async () => (await gateway.LedgerAsync("request|")).Count is 0);
        using (var warm = await gateway.ChatAsync("auto:free", client: caller))
        {
            warm.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        }

        var before = Volatile.Read(ref trips);
        using var refused = await gateway.ChatAsync("auto:free", client: caller);

        var error = await refused.ErrorAsync(HttpStatusCode.TooManyRequests);
        error.GetProperty("code").GetString().ShouldBe("rate_limit_exceeded");
        error.GetProperty("limit_source").GetString().ShouldBe("by-minute.a-minute");
        error.GetProperty("message").GetString()!.ShouldContain("'acme/minute:free' is the first that can again");
        refused.Headers.RetryAfter!.Delta!.Value.ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(60));
        before.ShouldBeGreaterThan(9);
        Volatile.Read(ref trips).ShouldBe(before);
        gateway.Clock.MoveOn(TimeSpan.FromMinutes(1));
        using var again = await gateway.ChatAsync("auto:free", client: caller);
        again.Header("x-freeway-model").ShouldBe("acme/minute");
    }

    [Fact]
    public async Task Auto_FortyCallersAtOnce_AdmitsTheSumOfTheQuotas()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(async _ =>
        {
            using var response = await gateway.ChatAsync("auto:free", client: caller);
            await response.Content.ReadAsStringAsync();
            return (response.StatusCode, Model: response.Headers.TryGetValues("x-freeway-model", out var model) ? model.Single() : "");
        }));

        answers.Where(answer => answer.StatusCode is HttpStatusCode.OK).CountBy(answer => answer.Model)
            .ShouldBe([new("acme/day", 2), new("acme/minute", 3), new("acme/wide", 4)], ignoreOrder: true);
        answers.Count(answer => answer.StatusCode is HttpStatusCode.TooManyRequests).ShouldBe(31);
        gateway.Upstream.Received.ShouldBe(9);
        (await gateway.ActivityAsync(caller, 9)).Count(record => record.GetProperty("status").GetInt32() is 200).ShouldBe(9);
    }

    [Theory]
    [InlineData(200, "chat/completions", "acme/wide")]
    [InlineData(10, "embeddings", "acme/vectors")]
    public async Task Auto_OnlyOneFits_IsTheOneThatAnswers(int words, string endpoint, string model)
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));
        var text = string.Join(' ', Enumerable.Repeat("word", words));

        using var response = await gateway.PostAsync(
            endpoint is "embeddings"
                ? $$"""{"model":"AUTO:free","input":"{{text}}"}"""
                : $$"""{"model":"auto:free","max_tokens":5,"messages":[{"role":"user","content":"{{text}}"}]}""",
            caller, "api/v1/" + endpoint);

        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        response.Header("x-freeway-model").ShouldBe(model);
    }

    [Fact]
    public async Task Auto_NothingFits_SaysWhy()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        using var response = await gateway.ChatAsync("auto:free", string.Join(' ', Enumerable.Repeat("word", 50_000)), client: caller);

        (await response.ErrorAsync(HttpStatusCode.BadRequest)).GetProperty("code").GetString().ShouldBe("context_length_exceeded");
        gateway.Upstream.Received.ShouldBe(0);
    }

    [Fact]
    public async Task Auto_TheFirstModelsUpstreamFails_TheNextAnswersAndTheFirstHasItsQuotaBack()
    {
        await using var gateway = await StartAsync(request => request.Chat?.Model is "day" ? new LoopbackScript { Error = 503 } : null);
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        using var response = await gateway.ChatAsync("auto:free", client: caller);

        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        response.Header("x-freeway-model").ShouldBe("acme/minute");
        var quota = (await gateway.LedgerAsync("quota|by-day")).ShouldHaveSingleItem();
        (quota.GetInt64("Used"), quota.GetInt64("Reserved")).ShouldBe((0, 0));
    }

    [Theory]
    [InlineData("auto", HttpStatusCode.NotFound, "model_not_found")]
    [InlineData("auto:flex", HttpStatusCode.NotFound, "model_not_found")]
    public async Task Auto_WithoutFree_IsNoModel(string slug, HttpStatusCode status, string code)
    {
        await using var gateway = await StartAsync();

        using var response = await gateway.ChatAsync(slug);

        (await response.ErrorAsync(status)).GetProperty("code").GetString().ShouldBe(code);
    }

    [Fact]
    public async Task Check_OfAuto_SaysWhichModelWouldAnswer()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));
        for (var i = 0; i < 2; i++)
        {
            using var response = await gateway.ChatAsync("auto:free", client: caller);
            await response.Content.ReadAsStringAsync();
        }

        using var checkedNow = await gateway.PostAsync("""{"model":"auto:free","messages":[]}""", caller, "api/v1/quota/check");

        var check = await checkedNow.JsonAsync();
        (check.GetProperty("admitted").GetBoolean(), check.GetProperty("model").GetString()).ShouldBe((true, "acme/minute"));
    }

    private static async Task<TestGateway> StartAsync(
        Func<LoopbackRequest, LoopbackScript?>? script = null, Action<IServiceCollection>? services = null)
    {
        var gateway = await TestGateway.StartAsync(
            script,
            TestCatalogue.Settings(new
            {
                plans = new Dictionary<string, object>
                {
                    ["by-day"] = Plan(new { name = "a-day", unit = "requests", amount = 2, window = "day", scope = "org_model" }),
                    ["by-minute"] = Plan(new { name = "a-minute", unit = "requests", amount = 3, window = "minute", scope = "org_model" }),
                    ["by-month"] = Plan(new { name = "a-month", unit = "requests", amount = 4, window = "month", scope = "org_model" }),
                },
                models = new JsonObject[]
                {
                    TestCatalogue.Model("acme/off", new { free = new { enabled = false, plan = "by-month" } }),
                    Model("acme/vectors", "by-month", 512, ["embeddings"]),
                    Model("acme/day", "by-day", 128, ["chat/completions"]),
                    Model("acme/minute", "by-minute", 128, ["chat/completions"]),
                    Model("acme/wide", "by-month", 4096, ["chat/completions"]),
                },
            }),
            services: services);
        gateway.Clock.MoveTo(TestGateway.Noon.AddHours(1));
        return gateway;

        static object Plan(object limit) => new { limits = new[] { limit } };

        static JsonObject Model(string id, string plan, int context, string[] surfaces) => TestCatalogue.Model(id, new
        {
            context_length = context,
            surfaces,
            free = new { enabled = true, plan },
            routes = new[] { new { upstream = "loopback", model = id.Split('/')[1] } },
        });
    }
}
