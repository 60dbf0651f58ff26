using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Models;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Tests.Plans;

public sealed class KeyLimitsTests
{
    private static readonly ApiKey Key = new("k1", "acme", "robot")
    {
        Limits =
        [
            new KeyLimit("requests-per-day", "requests", 5, "day", "key"),
            new KeyLimit("usd-per-month", "usd", 1.5m, "month", "key_model") { Models = ["demo/*", "!demo/paid"] },
            new KeyLimit("concurrent-requests", "concurrent_requests", 2, null, "key"),
        ],
    };

    private static readonly Model Echo = new("demo/echo", "Echo", 1000, Price.Zero, "free", true, [new ModelRoute("loopback", "echo")]);

    [Fact]
    public void Bind_OfAModel_HasTheKeysLimitsForIt()
    {
        KeyLimits.Bind(Key, "demo/echo").ShouldBe(
        [
            new BoundLimit("api_key.requests-per-day", "k1", new Limit("requests-per-day", LimitUnit.Requests, 5, LimitWindow.Day, LimitScope.Key)),
            new BoundLimit("api_key.usd-per-month", "k1 demo/echo", new Limit("usd-per-month", LimitUnit.NanoDollars, 1_500_000_000, LimitWindow.Month, LimitScope.KeyModel)),
            new BoundLimit("api_key.concurrent-requests", "k1", new Limit("concurrent-requests", LimitUnit.ConcurrentRequests, 2, LimitWindow.None, LimitScope.Key)),
        ]);
        KeyLimits.Bind(Key, "demo/paid").Select(bound => bound.Limit.Name).ShouldBe(["requests-per-day", "concurrent-requests"]);
        KeyLimits.Bind(new ApiKey("k2", "acme", ""), "demo/echo").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("api_key.daily", true)]
    [InlineData("api-key.daily", false)]
    [InlineData("fastrouter-free.daily", false)]
    [InlineData(Account.KeyCeilingSource, false)]
    public void IsOwn_OfASource_TellsAKeysFromAPlans(string source, bool own) => KeyLimits.IsOwn(source).ShouldBe(own);

    [Fact]
    public void Bind_InAPlanThatBills_ComesAfterThePlansAndChangesNotWhoPays()
    {
        var plan = new Plan("gift", [new PlanLimit(new Limit("tokens", LimitUnit.Tokens, 100, LimitWindow.Day, LimitScope.Org)) { Overflow = [Overflow.Bill] }]) { Billing = Billing.Prepaid };
        var book = new PlanBook([plan], plan);
        var org = new Org("acme", "Acme");

        book.Bind(new Caller(org, Key), new Slug("demo/echo", Variant.None), Echo).Accepted(out var with, out _).ShouldBeTrue();
        book.Bind(new Caller(org, Key with { Limits = null }), new Slug("demo/echo", Variant.None), Echo).Accepted(out var without, out _).ShouldBeTrue();

        with!.Hard.Select(bound => bound.Source).ShouldBe(["api_key.requests-per-day", "api_key.usd-per-month", "api_key.concurrent-requests"]);
        with.Gifts.ShouldBe(without!.Gifts);
        with.Paid.ShouldBe(without.Paid);
        without.Hard.ShouldBeEmpty();
    }

    [Fact]
    public void Bind_OfAModelThatTheKeyMayNotCall_IsRefusedWhateverThePlanSays()
    {
        var book = new PlanBook([], PlanBook.PayAsYouGo);
        var key = Key with { AllowedModels = ["other/*"] };

        book.Bind(new Caller(new Org("acme", "Acme"), key), new Slug("demo/echo", Variant.None), Echo).Accepted(out _, out var refusal).ShouldBeFalse();

        refusal!.Code.ShouldBe(RefusalCode.ModelNotAllowed);
    }
}
