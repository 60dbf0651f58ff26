using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Tests.Ledger;

public sealed class TakingTests
{
    [Fact]
    public void Of_AHardLimitWithEnough_TakesTheWhole()
    {
        var taking = Of([new Claim(Samples.Tokens(1000), 400)], used: 500);

        (taking.Shortages.Count, taking.Amounts[0]).ShouldBe((0, 400));
    }

    [Fact]
    public void Of_AHardLimitWithTooLittle_IsShortByTheEstimate()
    {
        var shortage = Of([new Claim(Samples.Tokens(1000), 600)], used: 500).Shortages.ShouldHaveSingleItem();

        (shortage.Needed, shortage.State.Remaining).ShouldBe((600, 500));
    }

    [Fact]
    public void Of_AnAccountThatCanPayTheWhole_HoldsItAndLeavesTheGiftToThoseWhoUseIt()
    {
        var taking = Of([Samples.Gift(1000, 600), Samples.Pay(600)], (500, 0), (0, 600 * Samples.PerToken));

        taking.ShouldSatisfyAllConditions(
            () => taking.Shortages.ShouldBeEmpty(),
            () => taking.Covered.ShouldBe(500),
            () => taking.Amounts.ShouldBe([0, 600 * Samples.PerToken]));
    }

    [Fact]
    public void Of_ACeilingThatCannotHoldTheWhole_HoldsTheGift()
    {
        var ceiling = Account.OrgCeiling(200 * Samples.PerToken);

        var taking = Of([Samples.Gift(1000, 600), Samples.Pay(600), Samples.Pay(600, ceiling)], (500, 0), (0, Samples.Usd), (0, 0));

        taking.Amounts.ShouldBe([500, 100 * Samples.PerToken, 100 * Samples.PerToken]);
    }

    [Fact]
    public void Of_AnAccountThatCannotPayTheWhole_HoldsTheGiftAndTheRest()
    {
        var taking = Of([Samples.Gift(1000, 600), Samples.Pay(600)], (500, 0), (0, 599 * Samples.PerToken));

        taking.ShouldSatisfyAllConditions(
            () => taking.Shortages.ShouldBeEmpty(),
            () => taking.Covered.ShouldBe(500),
            () => taking.Amounts.ShouldBe([500, 100 * Samples.PerToken]));
    }

    [Fact]
    public void Of_ASpentGift_NeverRefusesByItself()
    {
        var taking = Of([Samples.Gift(1000, 600)], used: 1000);

        (taking.Shortages.Count, taking.Covered).ShouldBe((0, 0));
    }

    [Fact]
    public void Of_SeveralGifts_EachCoverWhatTheLeastOfThemDoes()
    {
        Claim[] takes = [Samples.Gift(1000, 600, "a"), Samples.Gift(1000, 600, "b"), Samples.Pay(600)];

        var taking = Of(takes, (500, 0), (800, 0), (0, 500 * Samples.PerToken));

        taking.Amounts.ShouldBe([200, 200, 400 * Samples.PerToken]);
    }

    [Fact]
    public void Of_AnAccountThatCannotPayWhatTheGiftLeaves_IsShortAndKnowsTheGift()
    {
        var shortage = Of([Samples.Gift(1000, 600), Samples.Pay(600)], (500, 0), (0, 99 * Samples.PerToken)).Shortages.ShouldHaveSingleItem();

        shortage.ShouldSatisfyAllConditions(
            () => shortage.State.Bound.ShouldBe(Account.Prepaid),
            () => shortage.Needed.ShouldBe(100 * Samples.PerToken),
            () => shortage.Gift!.Remaining.ShouldBe(500));
    }

    [Fact]
    public void Of_NoGifts_PaysForEverything()
    {
        Of([Samples.Pay(600)], (0, Samples.Usd)).Amounts.ShouldBe([600 * Samples.PerToken]);
    }

    [Theory]
    [InlineData(0, 450L)]
    [InlineData(100, 550L)]
    [InlineData(900, null)]
    public void Largest_OfWhatGiftAndAccountCanHold_IsTakenToTheToken(long bought, long? size)
    {
        var taking = Largest(most: 1000, used: 500, bought);

        taking.ShouldSatisfyAllConditions(
            () => taking.Shortages.ShouldBeEmpty(),
            () => taking.Size.ShouldBe(size),
            () => (taking.Amounts[0] + (taking.Amounts[1] / Samples.PerToken)).ShouldBe(50 + (size ?? 1000)));
    }

    [Fact]
    public void Largest_WhereNotEvenTheLeastFits_IsShortForTheLeast()
    {
        var taking = Largest(most: 1000, used: 950, bought: 0);

        taking.Shortages.ShouldHaveSingleItem().Needed.ShouldBe(Samples.PerToken);
        taking.Size.ShouldBe(1);
    }

    [Fact]
    public void Of_AnUnknownRow_RefusesNothing()
    {
        Allocation.Of([new Claim(Samples.Tokens(10), 11), Samples.Gift(10, 5), Samples.Pay(5)], _ => null).Shortages.ShouldBeEmpty();
    }

    /// <summary>A prompt of fifty tokens and an answer of any size, on a gift of a thousand.</summary>
    /// <param name="bought">For how many tokens.</param>
    private static Allocation Largest(long most, long used, long bought)
    {
        var whole = At(most);
        return Allocation.Largest(
            whole, new SizedClaims(1, most, At), key => Samples.Row(whole, [(used, 0), (0, bought * Samples.PerToken)], key), Samples.Now);

        static Claim[] At(long size) => [Samples.Gift(1000, 50 + size), Samples.Pay(50 + size)];
    }

    private static Allocation Of(IReadOnlyList<Claim> takes, long used) => Of(takes, (used, 0));

    private static Allocation Of(IReadOnlyList<Claim> takes, params (long Used, long Bought)[] rows) =>
        Allocation.Of(takes, key => Samples.Row(takes, rows, key), Samples.Now);
}
