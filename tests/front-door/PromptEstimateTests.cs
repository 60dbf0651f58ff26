using System.Net;
using System.Text.Json;
using Freeway.Adapters.Inference;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Inference.Metering;
using Microsoft.Extensions.DependencyInjection;

namespace Freeway.FrontDoor.Tests;

/// <summary>
/// How long prompts are thought to be. F5: by their bytes, English ones that fit were refused. F7: dense ones were thought
/// too short, so that twenty at once passed a limit by double; and one organisation's raised another's estimates.
/// </summary>
public sealed class PromptEstimateTests
{
    private const string Prose =
        "The committee met on Thursday to consider whether the harbour should be deepened before the winter storms. "
        + "Several members spoke at length about the cost, which nobody had estimated with any confidence; others asked "
        + "why the older reports, written when trade was thinner, had never been published. In the end they agreed to "
        + "postpone the decision, to invite two engineers from the coast, and to meet again within a fortnight. ";

    [Theory]
    [InlineData("acme/gifted")]
    [InlineData("acme/limited:free")]
    [InlineData("acme/capped:free")]
    public async Task EnglishPrompt_Of180Kilobytes_FitsAContextOf54000(string model)
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));
        var prompt = string.Concat(Enumerable.Repeat(Prose, 450))[..180_000];

        var input = await InputAsync(gateway, caller, model, prompt);
        using var answer = await AskAsync(gateway, caller, model, prompt);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        input.ShouldBeInRange(33_000, 50_000, "it has about 35,000 tokens");
    }

    [Fact]
    public async Task PromptThatSurelyDoesNotFitACap_IsRefused()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));
        var prompt = string.Concat(Enumerable.Repeat(Prose, 1400));

        using var answer = await AskAsync(gateway, caller, "acme/capped:free", prompt);

        (await answer.ErrorAsync(HttpStatusCode.BadRequest)).GetProperty("code").GetString().ShouldBe("context_length_exceeded");
    }

    /// <summary>F7: twenty prompts of single letters at once, on a limit of 10,000, used 21,035.</summary>
    [Fact]
    public async Task DensePrompts_TwentyAtOnce_StayWithinTheLimit()
    {
        await using var gateway = await StartAsync(limit: 10_000);
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));
        var prompt = Letters(1000);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(
            _ => AskAsync(gateway, caller, "acme/limited:free", prompt, ceiling: 1)));

        var admitted = answers.Count(answer => answer.StatusCode is HttpStatusCode.OK);
        admitted.ShouldBeInRange(7, 10, "each has a thousand tokens and one");
        var records = await gateway.ActivityAsync(caller, admitted);
        records.Sum(record => record.GetProperty("total_tokens").GetInt64()).ShouldBeLessThanOrEqualTo(10_000);
    }

    [Fact]
    public async Task OddPrompts_OfOneOrganisation_LeaveAnothersEstimatesAsTheyWere()
    {
        await using var gateway = await StartAsync();
        using var odd = await gateway.NewCallerAsync(new Org("odd", "Odd"));
        using var usual = await gateway.NewCallerAsync(new Org("usual", "Usual"));
        var before = await InputAsync(gateway, usual, "acme/gifted", Prose);
        var oddBefore = await InputAsync(gateway, odd, "acme/gifted", Prose);

        // The upstream counts words, and next to none of these.
        for (var sent = 0; sent < 20; sent++)
        {
            using var answer = await AskAsync(gateway, odd, "acme/gifted", string.Concat(Enumerable.Repeat(" \n", 2000)) + "x", ceiling: 1);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        await gateway.ActivityAsync(odd, 20);
        (await InputAsync(gateway, odd, "acme/gifted", Prose)).ShouldNotBe(oddBefore, "its own follow what was reported");
        (await InputAsync(gateway, usual, "acme/gifted", Prose)).ShouldBe(before);
    }

    [Fact]
    public async Task ToolsAndPictures_CountInTheEstimate()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));
        object[] text = [new { role = "user", content = "What is this?" }];
        object[] called =
        [
            .. text,
            new { role = "assistant", tool_calls = new[] { new { id = "1", type = "function", function = new { name = "weather", arguments = """{"city":"Oslo"}""" } } } },
        ];
        object[] seen =
        [
            new { role = "user", content = new object[] { new { type = "text", text = "What is this?" }, new { type = "image_url", image_url = new { url = "data:image/png;base64,iVBORw0KGgo=" } } } },
        ];
        object[] tools = [new { type = "function", function = new { name = "weather", description = "Tells the weather of a city.", parameters = new { type = "object" } } }];

        var plain = await EstimateAsync(gateway, caller, new { model = "acme/gifted", messages = text });

        (await EstimateAsync(gateway, caller, new { model = "acme/gifted", messages = text, tools })).ShouldBeGreaterThan(plain + 20);
        (await EstimateAsync(gateway, caller, new { model = "acme/gifted", messages = called })).ShouldBeGreaterThan(plain + 15);
        (await EstimateAsync(gateway, caller, new { model = "acme/gifted", messages = seen })).ShouldBeGreaterThan(plain + 1400);
    }

    [Fact]
    public async Task NoLimitOnTokens_NothingIsTokenized()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));
        await gateway.TopUpAsync("acme", "1");
        var tokenizer = (O200kTokenizer)gateway.Host.Services.GetRequiredService<ITokenizer>();

        using var free = await AskAsync(gateway, caller, "acme/ten:free", Prose);
        using var paid = await AskAsync(gateway, caller, "acme/plain", Prose);
        using var capped = await AskAsync(gateway, caller, "acme/capped:free", Prose);
        var isLoaded = tokenizer.IsLoaded;
        using var gifted = await AskAsync(gateway, caller, "acme/gifted", Prose);

        new[] { free, paid, capped, gifted }.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.OK);
        isLoaded.ShouldBeFalse("requests, money, and a cap that the prompt is far from");
        tokenizer.IsLoaded.ShouldBeTrue("a gift of tokens");
    }

    private static string Letters(int count) =>
        string.Join(' ', Enumerable.Range(0, count).Select(index => (char)('a' + (index * 7 % 26))));

    private static Task<HttpResponseMessage> AskAsync(
        TestGateway gateway, HttpClient caller, string model, string prompt, int? ceiling = null) =>
        gateway.PostAsync(Body(model, prompt, ceiling), caller);

    private static string Body(string model, string prompt, int? ceiling)
    {
        var messages = new[] { new { role = "user", content = prompt } };
        return ceiling is { } most
            ? JsonSerializer.Serialize(new { model, max_tokens = most, messages })
            : JsonSerializer.Serialize(new { model, messages });
    }

    private static Task<long> InputAsync(TestGateway gateway, HttpClient caller, string model, string prompt) =>
        EstimateAsync(gateway, caller, new { model, messages = new[] { new { role = "user", content = prompt } } });

    private static async Task<long> EstimateAsync(TestGateway gateway, HttpClient caller, object body)
    {
        using var check = await gateway.PostAsync(JsonSerializer.Serialize(body), caller, path: "api/v1/quota/check");
        return (await check.JsonAsync()).GetProperty("estimate").GetProperty("input_tokens").GetInt64();
    }

    private static Task<TestGateway> StartAsync(int limit = 60_000) => TestGateway.StartAsync(settings: TestCatalogue.Settings(new
    {
        default_plan = "gifts",
        plans = new
        {
            gifts = new
            {
                billing = "prepaid",
                limits = new[]
                {
                    new { name = "daily", unit = "tokens", amount = 60_000, window = "day", scope = "org_model", models = new[] { "acme/gifted" }, overflow = new[] { "bill" } },
                },
            },
            limited = new { limits = new[] { Daily("tokens", limit) } },
            ten = new { limits = new[] { Daily("requests", 10) } },
            capped = new { limits = new[] { Daily("requests", 10) }, caps = new[] { new { context_tokens = 54_000 } } },
        },
        models = new[]
        {
            TestCatalogue.Model("acme/gifted", new { context_length = 54_000 }),
            TestCatalogue.Model("acme/plain"),
            Free("limited", 54_000),
            Free("ten", 54_000),
            Free("capped", 1_000_000),
        },
    }));

    private static object Daily(string unit, int amount) => new { name = "daily", unit, amount, window = "day", scope = "org_model" };

    private static System.Text.Json.Nodes.JsonObject Free(string plan, int context) => TestCatalogue.Model(
        $"acme/{plan}", new { context_length = context, free = new { enabled = true, plan } });
}
