using Freeway.Gateway.Inference;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Models;
using Freeway.Gateway.Plans;
using FsCheck;
using FsCheck.Fluent;

namespace Freeway.Gateway.Tests.Inference;

public sealed class QuoteClaimsTests
{
    private static readonly Slug Slug = new("acme/model", Variant.None);
    private static readonly Model Model = new("acme/model", "Model", 32768, new Price(150_000_000, 600_000_000), null, false, [new ModelRoute("loopback", "echo")]);
    private static readonly BoundLimit Gift = new("plan.gift", "*", new Limit("gift", LimitUnit.Tokens, 1_000_000, LimitWindow.Day, LimitScope.Org));
    private static readonly BoundLimit Credit = new("plan.credit", "*", new Limit("credit", LimitUnit.NanoDollars, 5_000_000_000, LimitWindow.Month, LimitScope.Org));

    private static readonly Arbitrary<Quantities> Used = (
        from input in Gen.Choose(0, 100_000)
        from output in Gen.Choose(0, 100_000)
        select Priced(input, output)).ToArbitrary();

    [Fact]
    public void Beyond_WhatAGiftCovers_IsNeverLessForMoreCovered() =>
        Prop.ForAll(Used, Gen.Choose(0, 250_000).Two().ToArbitrary(), Gen.Elements(LimitUnit.Tokens, LimitUnit.NanoDollars).ToArbitrary(), (used, covered, unit) =>
        {
            var (less, more) = (Math.Min(covered.Item1, covered.Item2), Math.Max(covered.Item1, covered.Item2));
            QuoteClaims.Beyond(unit, less, Model, Slug, used).ShouldBeGreaterThanOrEqualTo(QuoteClaims.Beyond(unit, more, Model, Slug, used));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Beyond_NothingCovered_IsTheStandardRate_AndAllCovered_IsNothing() =>
        Prop.ForAll(Used, Gen.Elements(LimitUnit.Tokens, LimitUnit.NanoDollars).ToArbitrary(), (used, unit) =>
        {
            QuoteClaims.Beyond(unit, 0, Model, Slug, used).ShouldBe(Model.Price.Cost(used.Input, used.Output));
            QuoteClaims.Beyond(unit, used.Of(unit), Model, Slug, used).ShouldBe(0);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Beyond_PartOfThePrompt_LeavesTheRestOfItAndTheAnswer() =>
        QuoteClaims.Beyond(LimitUnit.Tokens, 400, Model, Slug, Priced(1_000, 500)).ShouldBe(Model.Price.Cost(600, 500));

    [Fact]
    public void Beyond_MoreThanThePrompt_LeavesTheRestOfTheAnswer() =>
        QuoteClaims.Beyond(LimitUnit.Tokens, 1_100, Model, Slug, Priced(1_000, 500)).ShouldBe(Model.Price.Cost(0, 400));

    [Theory]
    [InlineData(0, 300)]
    [InlineData(100, 200)] // the gift covers the beginning of the prompt, which is what a cache holds
    [InlineData(400, 0)]
    public void Beyond_PartOfACachedPrompt_LeavesWhatIsCachedOfTheRest(long covered, long cached)
    {
        var model = Model with { Price = Model.Price with { CachedInputPerMillion = 15_000_000 } };

        QuoteClaims.Beyond(LimitUnit.Tokens, covered, model, Slug, Priced(1_000, 500) with { Cached = 300 })
            .ShouldBe(model.Price.Cost(1_000 - covered, 500, cachedTokens: cached));
    }

    [Fact]
    public void Beyond_ARequestWithoutTokens_IsNoGiftOfTokens()
    {
        var model = Model with { Price = Price.Zero with { CharactersPerMillion = 18_000_000_000, AudioMinute = 6_000_000 } };
        var used = new Quantities { Requests = 1, Characters = 10, Seconds = 60, CostNanos = 6_180_000 };

        QuoteClaims.Beyond(LimitUnit.Tokens, 0, model, Slug, used).ShouldBe(6_180_000);
        QuoteClaims.Beyond(LimitUnit.NanoDollars, 180_000, model, Slug, used).ShouldBe(6_000_000);
    }

    [Fact]
    public void GiftedTokens_OfAnyRequest_AreBetweenNoneAndAll() =>
        Prop.ForAll(Used, Gen.Choose(0, 300_000_000).ToArbitrary(), Gen.Elements(Gift, Credit).ToArbitrary(), (used, covered, gift) =>
            QuoteClaims.GiftedTokens(Terms(gift), used, covered).ShouldBeInRange(0, used.Tokens)).QuickCheckThrowOnFailure();

    [Fact]
    public void Takes_OfTerms_ComeInTheirOrder()
    {
        var requests = new BoundLimit("plan.requests", "*", new Limit("requests", LimitUnit.Requests, 10, LimitWindow.Day, LimitScope.Org));
        var terms = Terms(Gift) with { Hard = [requests] };

        var takes = QuoteClaims.Takes(terms, Model, Slug, Priced(10, 20));

        takes.Select(take => (take.Bound, take.Kind, take.Amount)).ShouldBe(
        [
            (requests, ClaimKind.Whole, 1),
            (Gift, ClaimKind.AsFarAsItReaches, 30),
            (Account.Prepaid, ClaimKind.Overage, Model.Price.Cost(10, 20)),
        ]);
        takes[2].After(30).ShouldBe(0);
    }

    private static Quantities Priced(long input, long output) =>
        new() { Requests = 1, Input = input, Output = output, CostNanos = Model.Price.Cost(input, output) };

    private static Terms Terms(BoundLimit gift) => new(PlanBook.PayAsYouGo, [], [gift], [Account.Prepaid], Caps.None);
}
