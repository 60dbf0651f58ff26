using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Identity;

namespace Freeway.FrontDoor.Tests.Notices;

/// <summary>"What callers see", 10: a limit, gift or ceiling at 50, 80 and 100 %, and low credit, each once per window.</summary>
public sealed class LimitNoticeTests
{
    [Fact]
    public async Task Limit_At50And80And100Percent_IsToldOnceEachInItsWindow()
    {
        await using var gateway = await TestGateway.StartAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        using var admin = gateway.Admin();
        var secret = await admin.HookAsync(receiver, "demo");

        await gateway.SpendAsync("demo/echo:free", times: 4);
        await gateway.AtRestAsync(admin, 4);
        receiver.Received.ShouldBeEmpty("four of ten are less than a half");
        await gateway.SpendAsync("demo/echo:free", times: 6);

        var got = await receiver.GotAsync(3);
        await gateway.AtRestAsync(admin, 10);
        receiver.Received.Count.ShouldBe(3);
        got.Select(Percent).Order().ShouldBe([50, 80, 100]);
        got.ShouldAllBe(one => one.Type == "limit.reached" && one.IsSignedWith(secret));
        got.Select(one => one.Id).Distinct().Count().ShouldBe(3);
        var half = got.Single(one => Percent(one) is 50);
        half.Json.GetProperty("org").GetString().ShouldBe("demo");
        half.Json.GetProperty("id").GetString().ShouldBe(half.Id);
        half.Data.GetRawText().ShouldBe(
            """{"limit":"fastrouter-free.daily","subject":"demo/echo","percent":50,"unit":"requests","window":"2026-05-29","amount":10,"used":5,"resets_at":"2026-05-30T00:00:00Z"}""");
    }

    [Fact]
    public async Task Limit_InItsNextWindow_IsToldAgain()
    {
        await using var gateway = await TestGateway.StartAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        using var admin = gateway.Admin();
        await admin.HookAsync(receiver, "demo");
        await gateway.SpendAsync("demo/echo:free", times: 5);
        await gateway.DeliveredAsync(admin, 1);

        gateway.Clock.MoveOn(TimeSpan.FromDays(1));
        await gateway.SpendAsync("demo/echo:free", times: 5);

        var got = await receiver.GotAsync(2);
        await gateway.AtRestAsync(admin, 10);
        got.Select(one => one.Data.GetProperty("window").GetString()).ShouldBe(["2026-05-29", "2026-05-30"]);
        got[0].Id.ShouldNotBe(got[1].Id);
    }

    [Fact]
    public async Task Limit_OfRequestsThatAreGivenBack_IsNotReached()
    {
        await using var gateway = await TestGateway.StartAsync(_ => new Runner.Loopback.LoopbackScript { Error = 500 });
        await using var receiver = await WebhookReceiver.StartAsync();
        using var admin = gateway.Admin();
        await admin.HookAsync(receiver, "demo");

        for (var i = 0; i < 12; i++)
        {
            using var answer = await gateway.ChatAsync("demo/echo:free");
        }

        await gateway.AtRestAsync(admin, 12);
        receiver.Received.ShouldBeEmpty();
    }

    [Fact]
    public async Task Gift_At50And80And100Percent_IsToldAsAGift()
    {
        await using var gateway = await TestGateway.StartAsync(settings: Gift(100));
        await using var receiver = await WebhookReceiver.StartAsync();
        using var admin = gateway.Admin();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));
        await gateway.TopUpAsync("acme", "5");
        await admin.HookAsync(receiver, "acme");

        for (var i = 0; i < 3; i++)
        {
            using var answer = await gateway.ChatAsync("test/model", string.Join(' ', Enumerable.Repeat("word", 60)), client: caller);
            await answer.TextAsync();
        }

        var got = await receiver.GotAsync(3);
        got.ShouldAllBe(one => one.Type == "gift.reached" && one.Data.GetProperty("unit").GetString() == "tokens");
        got.Select(Percent).Order().ShouldBe([50, 80, 100]);
    }

    [Fact]
    public async Task Ceiling_At50And80And100Percent_IsToldAsACeiling()
    {
        await using var gateway = await TestGateway.StartAsync(settings: TestCatalogue.Settings(new { models = new[] { TestCatalogue.Model("test/model") } }));
        await using var receiver = await WebhookReceiver.StartAsync();
        using var admin = gateway.Admin();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme") { MonthlyCeilingNanos = 200_000 });
        await gateway.TopUpAsync("acme", "5");
        await admin.HookAsync(receiver, "acme");

        // Until what is left of the ceiling cannot hold another.
        for (var isServed = true; isServed;)
        {
            using var answer = await gateway.PostAsync(
                """{"model":"test/model","max_tokens":1,"messages":[{"role":"user","content":"hi"}]}""", caller);
            isServed = answer.IsSuccessStatusCode;
            await answer.Content.ReadAsStringAsync();
        }

        var got = await receiver.GotAsync(2);
        got.ShouldAllBe(one => one.Type == "ceiling.reached" && one.Data.GetProperty("limit").GetString() == "ceiling.org");
        got.Take(2).Select(Percent).Order().ShouldBe([50, 80]);
        got[0].Data.GetProperty("amount").GetDecimal().ShouldBe(0.0002m);
    }

    [Fact]
    public async Task Credit_ThatIsLow_IsToldOnceAfterEachTopUp()
    {
        await using var gateway = await TestGateway.StartAsync(
            settings: TestCatalogue.Settings(new { models = new[] { TestCatalogue.Model("test/model") } }, ("Freeway:Ledger:LowCreditUsd", "2")));
        await using var receiver = await WebhookReceiver.StartAsync();
        using var admin = gateway.Admin();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));
        await gateway.TopUpAsync("acme", "2");
        await admin.HookAsync(receiver, "acme");

        for (var i = 0; i < 3; i++)
        {
            using var answer = await gateway.ChatAsync("test/model", client: caller);
            await answer.TextAsync();
        }

        await receiver.GotAsync(1);
        await gateway.TopUpAsync("acme", "10");
        await PayAsync(gateway, caller);
        await gateway.ActivityAsync(caller, 4);
        await gateway.NoticesAsync(admin, "?status=waiting", waiting => waiting.Count is 0);
        receiver.Received.Count.ShouldBe(1, "twelve dollars are not low");
        var low = receiver.Received[0];
        low.Type.ShouldBe("credit.low");
        low.Data.GetProperty("bought_usd").GetString().ShouldBe("2.00");
        decimal.Parse(low.Data.GetProperty("left_usd").GetString()!, System.Globalization.CultureInfo.InvariantCulture).ShouldBeLessThan(2);
    }

    [Fact]
    public async Task Limit_OfAMinute_IsNotTold()
    {
        await using var gateway = await TestGateway.StartAsync(settings: TestCatalogue.Settings(new
        {
            plans = new
            {
                quick = new { limits = new[] { new { name = "pace", unit = "requests", amount = 2, window = "minute", scope = "org" } } },
            },
            models = new[] { TestCatalogue.Model("test/model", new { free = new { enabled = true, plan = "quick" } }) },
        }));
        await using var receiver = await WebhookReceiver.StartAsync();
        using var admin = gateway.Admin();
        await admin.HookAsync(receiver, "demo");

        await gateway.SpendAsync("test/model:free", times: 2);

        await gateway.AtRestAsync(admin, 2);
        receiver.Received.ShouldBeEmpty();
    }

    private static async Task PayAsync(TestGateway gateway, HttpClient caller)
    {
        using var answer = await gateway.ChatAsync("test/model", client: caller);
        await answer.TextAsync();
    }

    private static int Percent(ReceivedNotice notice) => notice.Data.GetProperty("percent").GetInt32();

    private static Dictionary<string, string?> Gift(long amount) => TestCatalogue.Settings(new
    {
        default_plan = "gifts",
        plans = new
        {
            gifts = new
            {
                billing = "prepaid",
                limits = new[] { new { name = "daily", unit = "tokens", amount, window = "day", scope = "org", overflow = new[] { "bill" } } },
            },
        },
        models = new[] { TestCatalogue.Model("test/model") },
    });
}
