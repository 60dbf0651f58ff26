using System.Net;
using System.Text.Json;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Identity;
using Freeway.Runner.Loopback;

namespace Freeway.FrontDoor.Tests;

/// <summary>Gifts: covered as far as they reach, and the rest paid, to the last nano-dollar.</summary>
public sealed class GiftTests
{
    private const string Ten = "one two three four five six seven eight nine ten";

    [Fact]
    public async Task Gift_ThatEndsWithinARequest_SplitsItExactly()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));
        await gateway.TopUpAsync("acme", "1");

        await AskAsync(gateway, caller, words: 60);
        await AskAsync(gateway, caller, words: 60);
        await AskAsync(gateway, caller, words: 60);

        var records = (await gateway.ActivityAsync(caller, 3)).OrderBy(record => record.GetProperty("time").GetDateTimeOffset()).ToList();
        records.Select(record => (Text(record, "tier"), Number(record, "gifted_tokens"), Number(record, "billed_tokens"), Text(record, "cost_usd"))).ShouldBe(
        [
            ("gift", 73, 0, "0.00"),
            // 27 are left: they cover the prompt of 13 and 14 tokens of the answer.
            ("gift", 27, 46, "0.000092"),
            ("paid", 0, 73, "0.000133"),
        ]);
        (await gateway.LeftAsync(caller)).ShouldBe(1_000_000_000 - 92_000 - 133_000);
        (await QuotaAsync(gateway, caller, "gifts.daily")).GetProperty("remaining").GetInt64().ShouldBe(0);
    }

    /// <summary>
    /// F1: the seed's own example declares no ceiling, so each of these could use a gift of any size.
    /// </summary>
    [Fact]
    public async Task Gift_OfFiveAtOnceWithoutACeiling_CoversThemAll()
    {
        var gate = new LoopbackGate();
        await using var gateway = await TestGateway.StartAsync(
            _ => new LoopbackScript { Text = Ten, Gate = gate, HoldAfter = LoopbackScript.BeforeHeaders }, Settings(amount: 1000));
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));
        await gateway.TopUpAsync("acme", "1");

        var asked = Enumerable.Range(0, 5).Select(_ => AskAsync(gateway, caller, words: 5, maxTokens: null)).ToList();
        for (var arrived = 0; arrived < asked.Count; arrived++)
        {
            await gate.ArrivalAsync();
        }

        gate.Open();
        var answers = await Task.WhenAll(asked);

        answers.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.OK && answer.Header("x-freeway-tier") == "gift");
        var records = await gateway.ActivityAsync(caller, 5);
        records.ShouldAllBe(record => Number(record, "gifted_tokens") > 0 && Number(record, "billed_tokens") == 0 && Text(record, "tier") == "gift");
        (await gateway.LeftAsync(caller)).ShouldBe(1_000_000_000);
    }

    /// <summary>
    /// F2: the seed's own example, sent by an account that has nothing, works for as long as anything is left.
    /// </summary>
    [Fact]
    public async Task Gift_OfAnAccountWithNothing_IsServedToItsLastTokenWithoutACeiling()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        // A prompt is estimated at its size, so that a small one leaves little of the gift to it.
        var served = new List<JsonElement>();
        HttpResponseMessage? last = null;
        while (served.Count < 100 && (last = await ShortAsync(gateway, caller)).StatusCode is HttpStatusCode.OK)
        {
            served = [.. await gateway.ActivityAsync(caller, served.Count + 1)];
        }

        var refusal = await last!.ErrorAsync(HttpStatusCode.PaymentRequired);
        served.Count.ShouldBeGreaterThan(1);
        served.ShouldAllBe(record => Text(record, "tier") == "gift" && Number(record, "billed_tokens") == 0 && Text(record, "cost_usd") == "0.00");
        served.Sum(record => Number(record, "total_tokens")).ShouldBe(served.Sum(record => Number(record, "gifted_tokens")));
        var left = (await QuotaAsync(gateway, caller, "gifts.daily")).GetProperty("remaining").GetInt64();
        left.ShouldBeLessThan(ShortPrompt, "what is left cannot hold another prompt and a token of an answer");
        refusal.GetProperty("message").GetString()!.ShouldNotContain("max_tokens", Case.Insensitive, "nobody asked for one");
    }

    [Fact]
    public async Task Gift_OfAnAccountWithNothing_IsSentWithTheLargestCeilingThatItCanHold()
    {
        long? ceiling = null;
        await using var gateway = await TestGateway.StartAsync(
            asked =>
            {
                ceiling = asked.Chat?.MaxWords;
                return null;
            },
            Settings(amount: 100));
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        using var check = await gateway.PostAsync(ShortBody, caller, path: "api/v1/quota/check");
        using var answer = await ShortAsync(gateway, caller);

        var preview = await check.JsonAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        preview.GetProperty("admitted").GetBoolean().ShouldBeTrue();
        var estimate = preview.GetProperty("estimate");
        ceiling.ShouldBe(100 - Number(estimate, "input_tokens"));
        Number(estimate, "output_tokens").ShouldBe(ceiling!.Value);
    }

    [Fact]
    public async Task Gift_SpentWhileARequestRan_BillsItWholeAndSaysSo()
    {
        var gate = new LoopbackGate();
        await using var gateway = await TestGateway.StartAsync(
            asked => asked.Chat?.MaxWords is 50 ? new LoopbackScript { Text = Ten, Gate = gate, HoldAfter = LoopbackScript.BeforeHeaders } : null, Settings(amount: 73));
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));
        await gateway.TopUpAsync("acme", "1");
        var slow = AskAsync(gateway, caller, words: 5, maxTokens: 50);
        await gate.ArrivalAsync();
        using var quick = await AskAsync(gateway, caller, words: 60);
        await gateway.ActivityAsync(caller, 1);

        gate.Open();
        using var answer = await slow;

        answer.Header("x-freeway-tier").ShouldBe("gift", "there was one when it was admitted");
        var record = (await gateway.ActivityAsync(caller, 2)).Single(record => Number(record, "billed_tokens") > 0);
        (Text(record, "tier"), Number(record, "gifted_tokens")).ShouldBe(("paid", 0));
        var usage = (await gateway.GetAsync("api/v1/key", caller)).GetProperty("usage").GetProperty("today");
        (Number(usage.GetProperty("gifted"), "requests"), Number(usage.GetProperty("paid"), "requests")).ShouldBe((1, 1));
    }

    /// <summary>The one case in which somebody is billed while some of a gift is left in the end.</summary>
    [Fact]
    public async Task Gift_HeldByARequestThatTheAccountCannotPay_IsNotThereForOthersThatEndMeanwhile()
    {
        var gate = new LoopbackGate();
        await using var gateway = await TestGateway.StartAsync(
            asked => asked.Chat?.MaxWords is 90 ? new LoopbackScript { Text = Ten, Gate = gate, HoldAfter = LoopbackScript.BeforeHeaders } : null, Settings(amount: 100));
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));
        await gateway.TopUpAsync("acme", "0.0002");
        var held = AskAsync(gateway, caller, words: 5, maxTokens: 90);
        await gate.ArrivalAsync();

        using var meanwhile = await AskAsync(gateway, caller, words: 5, maxTokens: 5);
        var billed = (await gateway.ActivityAsync(caller, 1)).ShouldHaveSingleItem();
        gate.Open();
        using var answer = await held;

        var records = await gateway.ActivityAsync(caller, 2);
        meanwhile.StatusCode.ShouldBe(HttpStatusCode.OK, await meanwhile.Content.ReadAsStringAsync());
        Number(billed, "billed_tokens").ShouldBePositive();
        records.Sum(record => Number(record, "gifted_tokens") + Number(record, "billed_tokens")).ShouldBe(records.Sum(record => Number(record, "total_tokens")));
        (await QuotaAsync(gateway, caller, "gifts.daily")).GetProperty("remaining").GetInt64().ShouldBePositive("the first used less than it held");
    }

    [Fact]
    public async Task Gift_OfAnAccountWithNothing_CoversWhatFitsAndRefusesTheRest()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        using var large = await AskAsync(gateway, caller, words: 5, maxTokens: 200);
        using var small = await AskAsync(gateway, caller, words: 5, maxTokens: 10);

        var refusal = await large.ErrorAsync(HttpStatusCode.PaymentRequired);
        refusal.GetProperty("code").GetString().ShouldBe("insufficient_credits");
        refusal.GetProperty("message").GetString()!.ShouldContain("the gift has");
        small.StatusCode.ShouldBe(HttpStatusCode.OK);
        small.Header("x-freeway-tier").ShouldBe("gift");
    }

    [Fact]
    public async Task PaidCallersAtOnce_OnALittleBalance_NeverOverdrawIt()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));
        await gateway.TopUpAsync("acme", "0.001");

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => AskAsync(gateway, caller, words: 20, maxTokens: 20, model: "acme/plain")));

        var admitted = answers.Count(answer => answer.StatusCode is HttpStatusCode.OK);
        answers.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.OK || answer.StatusCode == HttpStatusCode.PaymentRequired);
        admitted.ShouldBeInRange(1, 18, "a request costs 53,000 nano-dollars, and a million are there");
        var records = await gateway.ActivityAsync(caller, admitted);
        var spent = records.Sum(record => decimal.Parse(Text(record, "cost_usd"), System.Globalization.CultureInfo.InvariantCulture)) * 1_000_000_000;
        spent.ShouldBe(admitted * 53_000);
        (await gateway.LeftAsync(caller)).ShouldBe(1_000_000 - spent);
    }

    [Fact]
    public async Task Overflow_RejectedByTheRequest_NeverBills()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));
        await gateway.TopUpAsync("acme", "1");

        using var refused = await AskAsync(gateway, caller, words: 5, maxTokens: 200, headers: ("x-freeway-overflow", "reject"));
        using var admitted = await AskAsync(gateway, caller, words: 5, maxTokens: 20, headers: ("x-freeway-overflow", "reject"));

        (await refused.ErrorAsync(HttpStatusCode.BadRequest)).GetProperty("limit_source").GetString().ShouldBe("gifts.daily");
        admitted.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await gateway.LeftAsync(caller)).ShouldBe(1_000_000_000);
    }

    [Theory]
    [InlineData(Overflow.Reject, null)]
    [InlineData(null, Overflow.Reject)]
    public async Task Overflow_AskedForWiderThanOrgOrKeyAllow_IsRefusedWithNothingTaken(Overflow? org, Overflow? key)
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme") { Overflow = org }, with => with with { Overflow = key });
        await gateway.TopUpAsync("acme", "1");

        using var refused = await AskAsync(gateway, caller, words: 5, headers: ("x-freeway-overflow", "bill"));

        (await refused.ErrorAsync(HttpStatusCode.BadRequest)).GetProperty("param").GetString().ShouldBe("x-freeway-overflow");
        (await gateway.LedgerAsync("request|")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Overflow_ToTheNextFreeModel_IsAnsweredByIt()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));
        using var first = await AskAsync(gateway, caller, words: 5, model: "acme/once:free");

        using var second = await AskAsync(gateway, caller, words: 5, model: "acme/once:free");
        using var third = await AskAsync(gateway, caller, words: 5, model: "acme/once:free", headers: ("x-freeway-overflow", "reject"));

        first.Header("x-freeway-model").ShouldBe("acme/once");
        second.Header("x-freeway-model").ShouldBe("acme/other");
        (await third.ErrorAsync(HttpStatusCode.TooManyRequests)).GetProperty("code").GetString().ShouldBe("free_quota_exceeded");
        (await gateway.ActivityAsync(caller, 2)).Select(record => Text(record, "model")).ShouldBe(["acme/other", "acme/once"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ceiling_OfKeyOrOrg_HoldsWhateverTheBalanceIs(bool ofKey)
    {
        await using var gateway = await StartAsync();
        var org = new Org("acme", "Acme") { MonthlyCeilingNanos = ofKey ? null : 100_000 };
        using var caller = await gateway.NewCallerAsync(org, key => key with { MonthlyCeilingNanos = ofKey ? 100_000 : null });
        await gateway.TopUpAsync("acme", "1");

        using var first = await AskAsync(gateway, caller, words: 20, maxTokens: 20, model: "acme/plain");
        await first.Content.ReadAsStringAsync();
        await gateway.ActivityAsync(caller, 1);
        using var second = await AskAsync(gateway, caller, words: 20, maxTokens: 20, model: "acme/plain");

        first.StatusCode.ShouldBe(HttpStatusCode.OK);
        var refusal = await second.ErrorAsync(HttpStatusCode.PaymentRequired);
        refusal.GetProperty("limit_source").GetString().ShouldBe(ofKey ? "ceiling.key" : "ceiling.org");
        refusal.GetProperty("reset_at").GetString().ShouldBe("2026-06-01T00:00:00Z");
        (await gateway.LeftAsync(caller)).ShouldBe(1_000_000_000 - 53_000);
    }

    [Fact]
    public async Task Note_AskedForWithTheAnswer_SaysWhatWasTakenFromWhere()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));
        await gateway.TopUpAsync("acme", "1");

        using var plain = await AskAsync(gateway, caller, words: 60, headers: ("x-freeway-include", "quota"));
        var first = (await plain.JsonAsync()).GetProperty("freeway");
        using var streamed = await AskAsync(gateway, caller, words: 60, stream: true, headers: ("x-freeway-include", "quota"));
        var second = (await streamed.Content.ReadAsStringAsync()).Split("\n\n").Where(line => line.StartsWith("data: {", StringComparison.Ordinal))
            .Select(line => JsonDocument.Parse(line[6..]).RootElement).Single(chunk => chunk.TryGetProperty("freeway", out _)).GetProperty("freeway");

        (Text(first, "tier"), Number(first, "gifted_tokens"), Number(first, "billed_tokens"), Text(first, "cost_usd")).ShouldBe(("gift", 73, 0, "0.00"));
        first.GetProperty("limits").EnumerateArray().Single(limit => Text(limit, "id") is "gifts.daily").GetProperty("remaining").GetInt64().ShouldBe(27);
        (Text(second, "tier"), Number(second, "gifted_tokens"), Number(second, "billed_tokens"), Text(second, "cost_usd")).ShouldBe(("gift", 27, 46, "0.000092"));
        second.GetProperty("limits").EnumerateArray().Single(limit => Text(limit, "id") is "gifts.daily").GetProperty("remaining").GetInt64().ShouldBe(0);
        (await gateway.ActivityAsync(caller, 2)).Count.ShouldBe(2);
    }

    /// <summary>A prompt of thirteen words as the loopback counts them, answered with as many words as are asked for.</summary>
    private static Task<HttpResponseMessage> AskAsync(
        TestGateway gateway, HttpClient caller, int words, int? maxTokens = 100, string model = "acme/gifted", bool stream = false, params (string, string)[] headers) =>
        gateway.PostAsync(
            JsonSerializer.Serialize(maxTokens is null
                ? (object)new { model, stream, messages = new[] { new { role = "user", content = $"/script words={words} x {Ten}" } } }
                : new { model, stream, max_tokens = maxTokens, messages = new[] { new { role = "user", content = $"/script words={words} x {Ten}" } } }),
            caller,
            headers: headers);

    private static async Task<JsonElement> QuotaAsync(TestGateway gateway, HttpClient caller, string id) =>
        (await gateway.GetAsync("api/v1/quota", caller)).GetProperty("data").EnumerateArray().Single(limit => Text(limit, "id") == id);

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static long Number(JsonElement json, string name) => json.GetProperty(name).GetInt64();

    private const string ShortBody = """{"model":"acme/gifted","messages":[{"role":"user","content":"one two three"}]}""";

    /// <summary>More than the prompt of the short request is estimated at.</summary>
    private const long ShortPrompt = 40;

    private static Task<HttpResponseMessage> ShortAsync(TestGateway gateway, HttpClient caller) => gateway.PostAsync(ShortBody, caller);

    private static Task<TestGateway> StartAsync() => TestGateway.StartAsync(settings: Settings(amount: 100));

    /// <param name="amount">Of the gift, in tokens a day.</param>
    private static Dictionary<string, string?> Settings(int amount) => TestCatalogue.Settings(new
    {
        default_plan = "gifts",
        plans = new
        {
            gifts = new
            {
                billing = "prepaid",
                limits = new[]
                {
                    new { name = "daily", unit = "tokens", amount, window = "day", scope = "org_model", models = new[] { "acme/gifted" }, overflow = new[] { "bill" } },
                },
            },
            once = new
            {
                limits = new[] { new { name = "daily", unit = "requests", amount = 1, window = "day", scope = "org_model", overflow = new[] { "next_free" } } },
            },
        },
        models = new[]
        {
            TestCatalogue.Model("acme/gifted"),
            TestCatalogue.Model("acme/plain"),
            TestCatalogue.Model("acme/once", new { free = new { enabled = true, plan = "once" } }),
            TestCatalogue.Model("acme/other", new { free = new { enabled = true, plan = "once" } }),
        },
    });
}
