using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Models;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Tests.Plans;

public sealed class PlanBookTests
{
    private const long Usd = 1_000_000_000;

    private static readonly Org Acme = new("acme", "Acme") { Plan = "own" };
    private static readonly Model Echo = new("demo/echo", "Echo", 1000, Price.Zero, "free", true, [new ModelRoute("loopback", "echo")]);
    private static readonly PlanLimit Daily = new(new Limit("daily", LimitUnit.Requests, 10, LimitWindow.Day, LimitScope.OrgModel));
    private static readonly PlanLimit Gift =
        new(new Limit("gift", LimitUnit.Tokens, 1000, LimitWindow.Day, LimitScope.OrgModel)) { Overflow = [Overflow.Bill, Overflow.NextFree, Overflow.Reject] };

    private static readonly Plan Free = new("free", [Daily]);
    private static readonly Plan Own = new("own", [Gift, Daily]) { Billing = Billing.Prepaid };

    [Fact]
    public void Bind_TheFreeSlug_GoesByTheModelsPlan()
    {
        var terms = Terms(Book(Own), slug: Variant.Free);

        terms.Hard.ShouldHaveSingleItem().ShouldBe(new BoundLimit("free.daily", "demo/echo", Daily.Limit));
        (terms.Plan, terms.Gifts.Count, terms.Paid.Count).ShouldBe((Free, 0, 0));
    }

    [Theory]
    [InlineData(Variant.None)]
    [InlineData(Variant.Flex)]
    public void Bind_AnyOtherSlug_GoesByTheOrgsPlan(Variant variant)
    {
        var terms = Terms(Book(Own), slug: variant);

        terms.Plan.ShouldBe(Own);
        terms.Gifts.ShouldHaveSingleItem().Source.ShouldBe("own.gift");
        terms.Hard.ShouldHaveSingleItem().Source.ShouldBe("own.daily");
        terms.Paid.ShouldBe([Account.Prepaid]);
    }

    [Fact]
    public void Bind_TheOrgsPlanIsNotThere_IsTheStandardOne() =>
        Terms(new PlanBook([Own, Free], Own), Acme with { Plan = "gone" }).Plan.ShouldBe(Own);

    [Fact]
    public void Bind_NoPlanAtAll_PaysAsItGoes() => Terms(Book(Own), Acme with { Plan = null }).ShouldSatisfyAllConditions(
        terms => terms.Plan.ShouldBe(PlanBook.PayAsYouGo), terms => terms.All.ShouldBe([Account.Prepaid]));

    [Fact]
    public void Bind_PostpaidWithCeilings_AreWhatPays() =>
        Terms(Book(Own with { Billing = Billing.Postpaid }), Acme with { MonthlyCeilingNanos = 7 }, key => key with { MonthlyCeilingNanos = 3 })
            .Paid.ShouldBe([Account.Postpaid, Account.OrgCeiling(7), Account.KeyCeiling("key-1", 3)]);

    [Theory]
    [InlineData(LimitScope.Org, "*")]
    [InlineData(LimitScope.OrgModel, "demo/echo")]
    [InlineData(LimitScope.Key, "key-1")]
    [InlineData(LimitScope.KeyModel, "key-1 demo/echo")]
    [InlineData(LimitScope.ModelGroup, "*")]
    public void Bind_AScope_SaysWhoShares(LimitScope scope, string subject) =>
        Terms(Book(Own with { Limits = [new PlanLimit(Daily.Limit with { Scope = scope })] })).Hard.ShouldHaveSingleItem().Subject.ShouldBe(subject);

    [Theory]
    [InlineData(LimitScope.EndUser, "eu_alice")]
    [InlineData(LimitScope.EndUserModel, "eu_alice demo/echo")]
    public void Bind_AScopeOfEndUsers_IsTheNamedOnesAndBoundsNewOnes(LimitScope scope, string subject)
    {
        var book = Book(Own with { Limits = [new PlanLimit(Daily.Limit with { Scope = scope })] });

        var terms = Accepted(book.Bind(Named, new Slug(Echo.Id, Variant.None), Echo));

        terms.Hard.Select(bound => (bound.Source, bound.Subject)).ShouldBe([("own.daily", subject), (EndUserRows.Source, "*")]);
        terms.Hard[1].ShouldBe(EndUserRows.Bound(7));
        terms.LacksEndUser.ShouldBeNull();
    }

    [Fact]
    public void Bind_AScopeOfEndUsersAndNobodyNamed_SaysWhichLimitLacksOne()
    {
        var terms = Terms(Book(Own with { Limits = [Daily, new PlanLimit(Daily.Limit with { Name = "each", Scope = LimitScope.EndUser })] }));

        terms.LacksEndUser.ShouldBe("own.each");
        terms.Hard.ShouldHaveSingleItem().Source.ShouldBe("own.daily");
    }

    [Fact]
    public void Bind_AnEndUserUnderAPlanThatCountsNone_ChangesNothing()
    {
        var book = Book(Own with { Limits = [Daily] });

        Accepted(book.Bind(Named, new Slug(Echo.Id, Variant.None), Echo)).Hard
            .ShouldBe(Accepted(book.Bind(Caller(Acme), new Slug(Echo.Id, Variant.None), Echo)).Hard);
    }

    [Fact]
    public void Bind_ACallerAgain_HasTheSameTerms_AndAChangedOneItsOwn()
    {
        var gold = new ConditionalAmount(new Condition { UserTier = "gold" }, 99);
        var book = Book(Own with { Limits = [Gift, Daily with { Amounts = [gold] }] });
        var (caller, bare, other) = (Caller(Acme), new Slug(Echo.Id, Variant.None), Echo with { Name = "Another" });

        var terms = Accepted(book.Bind(caller, bare, Echo));

        Accepted(book.Bind(caller, bare, Echo)).ShouldBeSameAs(terms);
        Accepted(book.Bind(caller, bare, other)).ShouldNotBeSameAs(terms);
        Accepted(book.Bind(caller, bare, Echo, Overflow.Reject)).Gifts.ShouldBeEmpty();
        Accepted(book.Bind(caller, new Slug(Echo.Id, Variant.Free), Echo)).Plan.ShouldBe(Free);
        Accepted(book.Bind(Caller(Acme with { UserTier = "gold" }), bare, Echo)).Hard
            .ShouldHaveSingleItem().Limit.Amount.ShouldBe(99);
    }

    [Fact]
    public void Bind_AnAmountForThisOrg_OverrulesThePlans()
    {
        var plan = Own with
        {
            Limits = [Daily with
            {
                Amounts = [new(new Condition { UserTier = "gold" }, 99), new(new Condition { PurchasedAtLeastNanos = 10 * Usd }, 1000), new(new Condition { NeverPaid = false }, 20)],
            }],
        };

        Amount(Acme).ShouldBe(10);
        Amount(Acme with { PurchasedNanos = 1 }).ShouldBe(20);
        Amount(Acme with { PurchasedNanos = (10 * Usd) - 1 }).ShouldBe(20);
        Amount(Acme with { PurchasedNanos = 10 * Usd }).ShouldBe(1000);
        Amount(Acme with { PurchasedNanos = 10 * Usd, UserTier = "gold" }).ShouldBe(99);

        long Amount(Org org) => Terms(Book(plan), org).Hard.ShouldHaveSingleItem().Limit.Amount;
    }

    [Fact]
    public void Bind_ALimitForOtherModels_DoesNotBind() =>
        Terms(Book(Own with { Limits = [Daily with { Models = new ModelSet(["*", "!demo/*"]) }] })).Hard.ShouldBeEmpty();

    [Fact]
    public void Bind_AGiftThatIsNotForThisOrg_IsNotThereAndAllIsPaid()
    {
        var book = Book(Own with { Limits = [Gift with { When = new Condition { Premium = true } }] });

        Terms(book).All.ShouldBe([Account.Prepaid]);
        Terms(book, Acme with { Premium = true }).Gifts.ShouldHaveSingleItem();
    }

    [Fact]
    public void Bind_AModelOutsideAPlanThatBills_IsPaidWithoutGiftsAndCaps()
    {
        var plan = Own with { Models = new ModelSet(["other"]), Caps = [new PlanCaps(ModelSet.All, new Caps { Images = 1 })] };

        var terms = Terms(Book(plan));

        terms.All.ShouldBe([Account.Prepaid]);
        terms.Caps.ShouldBe(Caps.None);
    }

    [Fact]
    public void Bind_AModelOutsideAFreePlan_IsRefused() =>
        Refused(Book(Own with { Models = new ModelSet(["other"]), Billing = Billing.Free })).ShouldSatisfyAllConditions(
            refusal => refusal.Code.ShouldBe(RefusalCode.PlanNotEligible),
            refusal => refusal.Message.ShouldContain("'own' does not include the model 'demo/echo'"));

    [Fact]
    public void Bind_NoLimitOfAFreePlanHolds_GivesNothing()
    {
        var book = Book(Free with { Name = "own", Limits = [Daily with { When = new Condition { PhoneVerified = true } }] });

        Refused(book).Message.ShouldContain("verify a phone number");
        Refused(book).Code.ShouldBe(RefusalCode.PlanNotEligible);
        Terms(book, Acme with { PhoneVerified = true }).Hard.ShouldHaveSingleItem();
    }

    [Theory]
    [MemberData(nameof(Conditions))]
    public void Bind_NotEligible_SaysWhatWouldChangeThat(Condition condition, Org able, string words)
    {
        var book = Book(Own with { Eligible = condition, Purchases = new PurchaseRules(2 * Usd, 5 * Usd) });

        Terms(book, able).Plan.Name.ShouldBe("own");
        Refused(book, Acme with { PhoneVerified = condition.PhoneVerified is false, Premium = condition.Premium is false, PurchasedNanos = condition.NeverPaid is true ? 1 : 0 })
            .ShouldSatisfyAllConditions(
                refusal => refusal.Code.ShouldBe(RefusalCode.PlanNotEligible),
                refusal => refusal.Message.ShouldBe($"The plan 'own' is not open to your organisation: {words}."));
    }

    public static TheoryData<Condition, Org, string> Conditions => new()
    {
        { new() { Premium = true }, Acme with { Premium = true }, "become premium: add 5 USD of credit or more at once" },
        { new() { Premium = false }, Acme, "it is for organisations that are not premium" },
        { new() { PhoneVerified = true }, Acme with { PhoneVerified = true }, "verify a phone number" },
        { new() { PhoneVerified = false }, Acme, "it is for organisations without a verified phone number" },
        { new() { NeverPaid = true }, Acme, "it is for organisations that have not bought credit yet" },
        { new() { NeverPaid = false }, Acme with { PurchasedNanos = 1 }, "add 2 USD of credit or more" },
        { new() { PurchasedAtLeastNanos = (10 * Usd) + 1 }, Acme with { PurchasedNanos = (10 * Usd) + 1 }, "add 10.000000001 USD of credit, for 10.000000001 in all" },
        { new() { UserTier = "pro" }, Acme with { UserTier = "pro" }, "ask the operator for the tier 'pro'" },
        { new() { PhoneVerified = true, UserTier = "pro" }, Acme with { PhoneVerified = true, UserTier = "pro" }, "verify a phone number; ask the operator for the tier 'pro'" },
    };

    [Fact]
    public void Bind_SeveralCaps_TheNarrowestOfEachCounts()
    {
        var terms = Terms(Book(Own with
        {
            Caps =
            [
                new(ModelSet.All, new Caps { OutputTokens = 512, Images = 4, ImageSizes = ["256x256", "512x512"] }),
                new(new ModelSet(["demo/*"]), new Caps { OutputTokens = 1024, ContextTokens = 9, ImageInput = false, ImageTokens = 3, ImageSizes = ["512x512", "1024x1024"] }),
                new(new ModelSet(["other"]), new Caps { Images = 1 }),
            ],
        }));

        (terms.Caps.OutputTokens, terms.Caps.ContextTokens, terms.Caps.ImageInput, terms.Caps.Images, terms.Caps.ImageTokens).ShouldBe((512, 9, false, 4, 3));
        terms.Caps.ImageSizes.ShouldBe(["512x512"]);
    }

    [Fact]
    public void Bind_SeveralRates_TheFirstThatMatchesCounts()
    {
        var plan = Own with { Rates = [new(new ModelSet(["other"]), new(1, 1, 1)), new(new ModelSet(["demo/*"]), new(2, 2, 2)), new(ModelSet.All, new(3, 3, 3))] };

        Terms(Book(plan)).Rate.ShouldBe(new ComputeRate(2, 2, 2));
        Terms(Book(Own)).Rate.ShouldBeNull();
    }

    [Theory]
    [InlineData(null, Dialect.OpenAi, Dialect.OpenAi)]
    [InlineData(null, Dialect.Apilaplas, Dialect.Apilaplas)]
    [InlineData(Dialect.OpenAi, Dialect.Apilaplas, Dialect.OpenAi)]
    [InlineData(Dialect.Apilaplas, Dialect.OpenAi, Dialect.Apilaplas)]
    public void Bind_ADialect_IsTheModelsElseThePlans(Dialect? model, Dialect plan, Dialect dialect) =>
        Accepted(Book(Own with { Dialect = plan }).Bind(Caller(Acme), new Slug(Echo.Id, Variant.None), Echo with { Dialect = model })).Dialect.ShouldBe(dialect);

    /// <summary>What org, key and request choose for a gift that may overflow in any way, and what becomes of it; null is refused.</summary>
    [Theory]
    [InlineData(null, null, null, Overflow.Bill)]
    [InlineData(null, null, Overflow.Reject, Overflow.Reject)]
    [InlineData(null, null, Overflow.NextFree, Overflow.NextFree)]
    [InlineData(null, null, Overflow.Bill, Overflow.Bill)]
    [InlineData(Overflow.Reject, null, null, Overflow.Reject)]
    [InlineData(Overflow.NextFree, null, null, Overflow.NextFree)]
    [InlineData(Overflow.NextFree, null, Overflow.Reject, Overflow.Reject)]
    [InlineData(Overflow.NextFree, null, Overflow.Bill, null)]
    [InlineData(Overflow.Reject, null, Overflow.NextFree, null)]
    [InlineData(null, Overflow.NextFree, null, Overflow.NextFree)]
    [InlineData(null, Overflow.NextFree, Overflow.Bill, null)]
    [InlineData(Overflow.Bill, Overflow.Reject, null, Overflow.Reject)]
    [InlineData(Overflow.Reject, Overflow.Bill, null, Overflow.Reject)]
    [InlineData(Overflow.Reject, Overflow.Bill, Overflow.Bill, null)]
    [InlineData(Overflow.NextFree, Overflow.Bill, null, Overflow.NextFree)]
    [InlineData(Overflow.Bill, Overflow.NextFree, Overflow.Reject, Overflow.Reject)]
    public void Bind_ChoicesOfOverflow_OnlyNarrow(Overflow? org, Overflow? key, Overflow? asked, Overflow? becomes)
    {
        var book = Book(Own with { Limits = [Gift] });
        var caller = Caller(Acme with { Overflow = org }, it => it with { Overflow = key });
        var decision = book.Bind(caller, new Slug(Echo.Id, Variant.None), Echo, asked);
        if (becomes is null)
        {
            decision.Accepted(out _, out var refusal).ShouldBeFalse();
            (refusal!.Code, refusal.Param).ShouldBe((RefusalCode.InvalidRequest, "x-freeway-overflow"));
            return;
        }

        var terms = Accepted(decision);
        (terms.Gifts.Count, terms.Hard.Count).ShouldBe(becomes is Overflow.Bill ? (1, 0) : (0, 1));
        terms.NextFree.ShouldBe(becomes is Overflow.NextFree ? ["own.gift"] : []);
        terms.Paid.ShouldBe(becomes is Overflow.Bill ? [Account.Prepaid] : []);
    }

    [Fact]
    public void Bind_AskedMoreThanIsAllowed_SaysWhoAllowsWhat()
    {
        var book = Book(Own with { Limits = [Gift] });
        var caller = Caller(Acme with { Overflow = Overflow.NextFree }, key => key with { Overflow = Overflow.Reject });

        book.Bind(caller, new Slug(Echo.Id, Variant.None), Echo, Overflow.Bill).Accepted(out _, out var refusal).ShouldBeFalse();

        refusal!.Message.ShouldBe(
            "'x-freeway-overflow: bill' is not allowed here: the plan 'own' offers reject, next_free, bill; your organisation allows up to next_free;"
            + " this key allows up to reject. Ask for less, or leave the header out.");
    }

    [Theory]
    [InlineData(Variant.Free, Overflow.Bill)]
    [InlineData(Variant.Free, Overflow.NextFree)]
    public void Bind_AskedForWhatAHardQuotaDoesNotOffer_IsRefused(Variant variant, Overflow asked) =>
        Refused(Book(Own), slug: variant, asked: asked).Param.ShouldBe("x-freeway-overflow");

    [Fact]
    public void Bind_AskedToBillWhereNothingIsGiven_IsWhatHappensAnyway() =>
        Terms(Book(Own with { Limits = [Daily] }), asked: Overflow.Bill).ShouldSatisfyAllConditions(
            terms => terms.Hard.ShouldHaveSingleItem(), terms => terms.Paid.ShouldBe([Account.Prepaid]));

    [Fact]
    public void Bind_AskedToRejectWhereNothingIsGiven_IsPaid() =>
        Terms(Book(Own with { Limits = [Daily] }), asked: Overflow.Reject).Paid.ShouldBe([Account.Prepaid]);

    [Fact]
    public void Bind_AskedForNextFree_ALimitThatOnlyBillsRefusesInstead()
    {
        var only = Gift with { Limit = Gift.Limit with { Name = "only" }, Overflow = [Overflow.Bill] };

        var terms = Terms(Book(Own with { Limits = [Gift, only] }), asked: Overflow.NextFree);

        terms.Hard.Select(bound => bound.Source).ShouldBe(["own.gift", "own.only"]);
        terms.NextFree.ShouldBe(["own.gift"]);
        terms.Paid.ShouldBeEmpty();
    }

    [Fact]
    public void Bind_AFreeSlugWhosePlanSaysBill_StillPaysNothing()
    {
        var book = new PlanBook([Own with { Name = "free" }], PlanBook.PayAsYouGo);

        Terms(book, slug: Variant.Free).ShouldSatisfyAllConditions(
            terms => terms.Gifts.ShouldBeEmpty(), terms => terms.Paid.ShouldBeEmpty(), terms => terms.Hard.Count.ShouldBe(2));
    }

    private static Caller Named => Caller(Acme) with { EndUser = new EndUser(new EndUserId("eu_alice"), 7) };

    private static PlanBook Book(Plan own) => new([own, Free], PlanBook.PayAsYouGo);

    private static Caller Caller(Org org, Func<ApiKey, ApiKey>? key = null) => new(org, (key ?? (it => it))(new ApiKey("key-1", org.Id, "laptop")));

    private static Terms Terms(
        PlanBook book, Org? org = null, Func<ApiKey, ApiKey>? key = null, Variant slug = Variant.None, Overflow? asked = null) =>
        Accepted(book.Bind(Caller(org ?? Acme, key), new Slug(Echo.Id, slug), Echo, asked));

    private static Refusal Refused(PlanBook book, Org? org = null, Variant slug = Variant.None, Overflow? asked = null)
    {
        book.Bind(Caller(org ?? Acme), new Slug(Echo.Id, slug), Echo, asked).Accepted(out _, out var refusal).ShouldBeFalse();
        return refusal!;
    }

    private static Terms Accepted(Result<Terms> decision)
    {
        decision.Accepted(out var terms, out var refusal).ShouldBeTrue(refusal?.ToString());
        return terms!;
    }
}
