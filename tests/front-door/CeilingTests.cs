using System.Globalization;
using System.Net;
using System.Text.Json;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Identity;
using Freeway.Runner.Loopback;

namespace Freeway.FrontDoor.Tests;

/// <summary>
/// Callers who declare no ceiling on their output: they are served with the largest that their limits hold, and are told
/// which it was. F6: limits like Gemini's refused every such caller, whatever it asked.
/// </summary>
public sealed class CeilingTests
{
    private const string Header = "x-freeway-output-ceiling";
    private const string Hello = "hello";

    [Theory]
    [InlineData("tokens", 1000, 1, 1)]
    [InlineData("output_tokens", 1000, 0, 1)]
    [InlineData("compute_units", 1000, 1, 2)]
    public async Task HardLimit_NoCeilingDeclared_IsServedWithTheLargestThatFits(
        string unit, int amount, int perInput, int perOutput)
    {
        var sent = new SentCeiling();
        await using var gateway = await StartAsync(sent, unit, amount);
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        var input = await InputAsync(gateway, caller, "acme/tight:free");
        using var answer = await AskAsync(gateway, caller, "acme/tight:free");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        sent.Ceiling.ShouldBe((amount - (input * perInput)) / perOutput);
        answer.Header(Header).ShouldBe($"{sent.Ceiling}");
    }

    [Fact]
    public async Task HardLimitOfMoney_NoCeilingDeclared_IsServedWithTheLargestThatFits()
    {
        var sent = new SentCeiling();
        await using var gateway = await StartAsync(sent, "usd", 0.001m);
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        var input = await InputAsync(gateway, caller, "acme/tight:free");
        using var answer = await AskAsync(gateway, caller, "acme/tight:free");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        sent.Ceiling.ShouldBe((1_000_000 - (input * TestCatalogue.InputNanos)) / TestCatalogue.OutputNanos);
        answer.Header(Header).ShouldBe($"{sent.Ceiling}");
    }

    [Fact]
    public async Task Credit_NoCeilingDeclared_IsServedWithTheLargestThatTheAccountCanPay()
    {
        var sent = new SentCeiling();
        await using var gateway = await StartAsync(sent, "tokens", 1000);
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));
        await gateway.TopUpAsync("acme", "0.001");

        var input = await InputAsync(gateway, caller, "acme/tight");
        using var answer = await AskAsync(gateway, caller, "acme/tight");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        sent.Ceiling.ShouldBe((1_000_000 - (input * TestCatalogue.InputNanos)) / TestCatalogue.OutputNanos);
        answer.Header(Header).ShouldBe($"{sent.Ceiling}");
        answer.Header("x-freeway-tier").ShouldBe("paid");
    }

    /// <summary>F6: a context of 1,048,576 tokens and 250,000 tokens a minute, as Gemini has them.</summary>
    [Fact]
    public async Task Hello_OnAContextLargerThanTheLimit_IsServed()
    {
        await using var gateway = await StartAsync(
            new SentCeiling(), "tokens", 250_000, window: "minute", model: new { context_length = 1_048_576 });
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        using var first = await AskAsync(gateway, caller, "acme/tight:free");
        await gateway.ActivityAsync(caller, 1);
        using var second = await AskAsync(gateway, caller, "acme/tight:free");

        first.StatusCode.ShouldBe(HttpStatusCode.OK, await first.Content.ReadAsStringAsync());
        second.StatusCode.ShouldBe(HttpStatusCode.OK, await second.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Ceiling_ThatIsSet_IsNeverAboveTheLongestAnswerOfTheModel()
    {
        var sent = new SentCeiling();
        await using var gateway = await StartAsync(
            sent, "tokens", 2000, model: new { context_length = 8192, max_output_tokens = 600 });
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        using var whole = await AskAsync(gateway, caller, "acme/tight:free", answers: 2);
        var ofWhole = sent.Ceiling;
        await Eventually.GetAsync(() => gateway.LedgerAsync("quota|"), rows => rows.All(row => row.GetInt64("Reserved") is 0));
        using var tight = await AskAsync(gateway, caller, "acme/tight:free", answers: 4);

        whole.StatusCode.ShouldBe(HttpStatusCode.OK, await whole.Content.ReadAsStringAsync());
        ofWhole.ShouldBeNull("two answers of the longest fit, so that nothing has to be set");
        whole.Headers.Contains(Header).ShouldBeFalse();
        tight.StatusCode.ShouldBe(HttpStatusCode.OK, await tight.Content.ReadAsStringAsync());
        sent.Ceiling.ShouldNotBeNull().ShouldBeInRange(256, 500, "four answers share what the limit holds");
        tight.Header(Header).ShouldBe($"{sent.Ceiling}");
    }

    [Fact]
    public async Task Ceiling_InAStream_IsToldInItsHeaders()
    {
        var sent = new SentCeiling();
        await using var gateway = await StartAsync(sent, "tokens", 1000);
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        using var answer = await AskAsync(gateway, caller, "acme/tight:free", stream: true);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Header(Header).ShouldBe($"{sent.Ceiling.ShouldNotBeNull()}");
    }

    [Fact]
    public async Task Ceiling_OfAPlansCap_IsToldInTheHeaders()
    {
        var sent = new SentCeiling();
        await using var gateway = await StartAsync(sent, "requests", 10, cap: 300);
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        using var answer = await AskAsync(gateway, caller, "acme/tight:free");

        sent.Ceiling.ShouldBe(300);
        answer.Header(Header).ShouldBe("300");
    }

    [Fact]
    public async Task Ceiling_DeclaredByTheCaller_IsKeptOrRefusedAsItIs()
    {
        var sent = new SentCeiling();
        await using var gateway = await StartAsync(sent, "tokens", 1000);
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        using var large = await AskAsync(gateway, caller, "acme/tight:free", ceiling: 5000);
        using var small = await AskAsync(gateway, caller, "acme/tight:free", ceiling: 10);

        var refusal = await large.ErrorAsync(HttpStatusCode.BadRequest);
        refusal.GetProperty("param").GetString().ShouldBe("max_tokens");
        small.StatusCode.ShouldBe(HttpStatusCode.OK);
        sent.Ceiling.ShouldBe(10);
        small.Headers.Contains(Header).ShouldBeFalse("nothing was set for this caller");
    }

    [Theory]
    [InlineData(256, HttpStatusCode.TooManyRequests)]
    [InlineData(16, HttpStatusCode.OK)]
    public async Task LeastCeiling_IsASetting_BelowItTheRequestIsRefused(int least, HttpStatusCode status)
    {
        await using var gateway = await StartAsync(
            new SentCeiling(), "tokens", 400, least: least);
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));
        using var before = await AskAsync(gateway, caller, "acme/tight:free", ceiling: 200, words: 200);
        before.StatusCode.ShouldBe(HttpStatusCode.OK, await before.Content.ReadAsStringAsync());
        await gateway.ActivityAsync(caller, 1);

        using var answer = await AskAsync(gateway, caller, "acme/tight:free");

        answer.StatusCode.ShouldBe(status, await answer.Content.ReadAsStringAsync());
        if (status is HttpStatusCode.TooManyRequests)
        {
            var refusal = await answer.ErrorAsync(status);
            refusal.GetProperty("message").GetString()!.ShouldNotContain("max_tokens", Case.Insensitive, "nobody sent one");
            var wait = int.Parse(answer.Header("Retry-After")!, CultureInfo.InvariantCulture);
            wait.ShouldBeInRange(43_100, 43_200, "the limit is whole again at midnight");
        }
    }

    [Fact]
    public async Task LeastCeiling_OutOfBounds_IsNamedAtStart()
    {
        var wrong = await Should.ThrowAsync<Functions.Settings.InvalidSettingsException>(
            () => StartAsync(new SentCeiling(), "tokens", 400, least: 0));

        wrong.Errors.ShouldContain("Freeway__Output__LeastCeiling: must be 1 to 65536");
    }

    /// <summary>A prompt of one word, answered with as many words as it may be or as are asked for.</summary>
    private static Task<HttpResponseMessage> AskAsync(
        TestGateway gateway,
        HttpClient caller,
        string model,
        int? ceiling = null,
        bool stream = false,
        int answers = 1,
        int? words = null) =>
        gateway.PostAsync(Body(model, ceiling, stream, answers, words), caller);

    private static string Body(string model, int? ceiling = null, bool stream = false, int answers = 1, int? words = null)
    {
        var body = new Dictionary<string, object>
        {
            ["model"] = model,
            ["n"] = answers,
            ["stream"] = stream,
            ["messages"] = new[] { new { role = "user", content = words is { } count ? $"/script words={count} x" : Hello } },
        };
        if (ceiling is { } most)
        {
            body["max_tokens"] = most;
        }

        return JsonSerializer.Serialize(body);
    }

    private static async Task<long> InputAsync(TestGateway gateway, HttpClient caller, string model)
    {
        using var check = await gateway.PostAsync(Body(model), caller, path: "api/v1/quota/check");
        return (await check.JsonAsync()).GetProperty("estimate").GetProperty("input_tokens").GetInt64();
    }

    private static Task<TestGateway> StartAsync(
        SentCeiling sent,
        string unit,
        decimal amount,
        string window = "day",
        object? model = null,
        int? cap = null,
        int? least = null)
    {
        var tight = TestCatalogue.Model("acme/tight", new { free = new { enabled = true, plan = "tight" } });
        foreach (var (name, value) in JsonSerializer.SerializeToNode(model ?? new { })!.AsObject())
        {
            tight[name] = value!.DeepClone();
        }

        var settings = TestCatalogue.Settings(new
        {
            plans = new
            {
                tight = new
                {
                    limits = new[] { new { name = "limit", unit, amount, window, scope = "org_model" } },
                    caps = cap is { } most ? new[] { new { output_tokens = most } } : [],
                    rates = new[] { new { input = 1_000_000, output = 2_000_000 } },
                },
            },
            models = new[] { tight },
        });
        if (least is { } floor)
        {
            settings["Freeway:Output:LeastCeiling"] = $"{floor}";
        }

        return TestGateway.StartAsync(sent.Note, settings);
    }

    /// <summary>Is the ceiling that the upstream was sent with the last request.</summary>
    private sealed class SentCeiling
    {
        public long? Ceiling { get; private set; }

        public LoopbackScript? Note(LoopbackRequest asked)
        {
            Ceiling = asked.Chat?.MaxWords;
            return null;
        }
    }
}
