using Freeway.Gateway.Identity;
using Freeway.Gateway.Models;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Tests.Plans;

public sealed class PlanOfferTests
{
    private const long Usd = 1_000_000_000;
    private static readonly Org Acme = new("acme", "Acme");
    private static readonly Model Echo = new("demo/echo", "Echo", 1000, Price.Zero, "own", true, [new ModelRoute("loopback", "echo")]);
    private static readonly PlanLimit Daily = new(new Limit("daily", LimitUnit.Requests, 10, LimitWindow.Day, LimitScope.OrgModel));
    private static readonly PlanLimit Gift =
        new(new Limit("gift", LimitUnit.NanoDollars, 2 * Usd, LimitWindow.Rolling30Days, LimitScope.Org)) { Overflow = [Overflow.Bill] };

    [Fact]
    public void Offers_OfMoreForSomeDeed_NameAmountWindowAndDeed() =>
        Sentences(Daily with { Amounts = [new(new Condition { PhoneVerified = true }, 20), new(new Condition { PurchasedAtLeastNanos = 5 * Usd }, 1000)] })
            .ShouldBe(
            [
                "own.daily: For 20 requests per day instead: verify a phone number.",
                "own.daily: For 1000 requests per day instead: add 5 USD of credit, for 5 in all.",
            ]);

    [Fact]
    public void Offers_OfNoMoreThanTheOrgHas_AreNone()
    {
        var limit = Daily with
        {
            Amounts = [new(new Condition { PhoneVerified = true }, 20), new(new Condition { UserTier = "pro" }, 20), new(new Condition { NeverPaid = false }, 10)],
        };

        Sentences(limit, Acme with { PhoneVerified = true }).ShouldBeEmpty();
        Sentences(limit).Count.ShouldBe(2);
    }

    [Fact]
    public void Offers_OfAGiftThatIsNotForTheOrgYet_SaySo() =>
        Sentences(Gift with { When = new Condition { Premium = true } })
            .ShouldBe(["own.gift: For a gift of 2 USD per 30 days: become premium: ask the operator."]);

    [Fact]
    public void Offers_OfALimitThatIsNotForTheOrg_AreNone() =>
        Sentences(Daily with { When = new Condition { Premium = true } }).ShouldBeEmpty();

    [Fact]
    public void Offers_OfALifetimeAmount_NameNoWindow() =>
        Sentences(new PlanLimit(Gift.Limit with { Window = LimitWindow.Lifetime }) { Amounts = [new(new Condition { UserTier = "pro" }, 3 * Usd)] })
            .ShouldBe(["own.gift: For 3 USD instead: ask the operator for the tier 'pro'."]);

    [Theory]
    [InlineData("other/*", "*")]
    [InlineData("*", "other/*")]
    public void Offers_ForOtherModels_AreNone(string planModels, string limitModels)
    {
        var limit = Daily with { Models = new ModelSet([limitModels]), Amounts = [new(new Condition { UserTier = "pro" }, 20)] };

        PlanOffer.All(new Plan("own", [limit]) { Models = new ModelSet([planModels]) }, Echo, Acme).ShouldBeEmpty();
    }

    /// <summary>What an organisation has done cannot be undone, so it is no offer.</summary>
    [Theory]
    [InlineData("premium", false)]
    [InlineData("phone", false)]
    [InlineData("paid", false)]
    [InlineData("nothing", true)]
    public void Offers_ThatNoDeedBringsAbout_AreLeftOut(string done, bool isOffered)
    {
        var org = done switch
        {
            "premium" => Acme with { Premium = true },
            "phone" => Acme with { PhoneVerified = true },
            "paid" => Acme with { PurchasedNanos = 1 },
            _ => Acme,
        };
        var untouched = new Condition { Premium = false, PhoneVerified = false, NeverPaid = true, UserTier = "pro" };

        Eligibility.CanBeMet(untouched, org).ShouldBe(isOffered);
        Sentences(Gift with { When = untouched }, org).Count.ShouldBe(isOffered ? 1 : 0);
        Sentences(Daily with { Amounts = [new(untouched, 20)] }, org).Count.ShouldBe(isOffered ? 1 : 0);
    }

    private static IReadOnlyList<string> Sentences(PlanLimit limit, Org? org = null) =>
        [.. PlanOffer.All(new Plan("own", [limit]), Echo, org ?? Acme).Select(offer => $"{offer.Source}: {offer.Sentence}")];
}
