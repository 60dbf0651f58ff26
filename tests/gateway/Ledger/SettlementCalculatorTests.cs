using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Tests.Ledger;

public sealed class SettlementCalculatorTests
{
    private static readonly BoundLimit Ceiling = Account.OrgCeiling(Samples.Usd);

    [Fact]
    public void Of_LessThanHeld_BooksTheTruth()
    {
        var booked = Of([new Claim(Samples.Tokens(1000), 123)], [Samples.Row(Samples.Tokens(1000), 0, 800)], [800]);

        booked.Amounts.ShouldBe([123]);
    }

    [Fact]
    public void Of_MoreTokensThanHeldAndLeft_BooksTheTruthAllTheSame()
    {
        var booked = Of([new Claim(Samples.Tokens(1000), 1300)], [Samples.Row(Samples.Tokens(1000), 0, 800)], [800]);

        booked.Amounts.ShouldBe([1300]);
    }

    [Fact]
    public void Of_MoreUsdOfAHardLimitThanHeldAndLeft_StopsThere()
    {
        var limit = Samples.Limit(LimitUnit.NanoDollars, 1000, LimitWindow.Day, "usd");

        Of([new Claim(limit, 1300)], [Samples.Row(limit, 100, 800)], [800]).Amounts.ShouldBe([900]);
    }

    [Fact]
    public void Of_AGiftThatReachedHalfWay_ChargesExactlyTheRest()
    {
        var booked = Of(
            [Samples.Gift(1000, 700), Samples.Pay(700)],
            [Samples.Row(Samples.Tokens(1000, "gift"), 500, 500), Samples.Row(Account.Prepaid, 0, 300 * Samples.PerToken, Samples.Usd)],
            [500, 300 * Samples.PerToken]);

        booked.ShouldSatisfyAllConditions(
            () => booked.Covered.ShouldBe(500),
            () => booked.Charged.ShouldBe(200 * Samples.PerToken),
            () => booked.Amounts.ShouldBe([500, 200 * Samples.PerToken]));
    }

    [Fact]
    public void Of_AGiftThatOthersHaveGivenBack_CoversMoreThanWasHeld()
    {
        var booked = Of(
            [Samples.Gift(1000, 700), Samples.Pay(700)],
            [Samples.Row(Samples.Tokens(1000, "gift"), 350, 500), Samples.Row(Account.Prepaid, 0, 200 * Samples.PerToken, Samples.Usd)],
            [500, 200 * Samples.PerToken]);

        (booked.Covered, booked.Charged).ShouldBe((650, 50 * Samples.PerToken));
    }

    [Fact]
    public void Of_AdmittedWithNothingOfTheGift_DrawsWhatIsLeftOfItNow()
    {
        var booked = Of(
            [Samples.Gift(1000, 700), Samples.Pay(700)],
            [Samples.Row(Samples.Tokens(1000, "gift"), 100, 0), Samples.Row(Account.Prepaid, 0, 700 * Samples.PerToken, Samples.Usd)],
            [0, 700 * Samples.PerToken]);

        (booked.Covered, booked.Charged).ShouldBe((700, 0));
    }

    [Fact]
    public void Of_AGiftThatAnotherHolds_DrawsOnlyWhatNobodyHolds()
    {
        var booked = Of(
            [Samples.Gift(1000, 700), Samples.Pay(700)],
            [Samples.Row(Samples.Tokens(1000, "gift"), 100, 600), Samples.Row(Account.Prepaid, 0, 700 * Samples.PerToken, Samples.Usd)],
            [0, 700 * Samples.PerToken]);

        (booked.Covered, booked.Charged).ShouldBe((300, 400 * Samples.PerToken));
    }

    [Fact]
    public void Of_SeveralGifts_ChargesWhatTheLeastOfThemLeaves()
    {
        var booked = Of(
            [Samples.Gift(1000, 700, "a"), Samples.Gift(1000, 700, "b"), Samples.Pay(700)],
            [Samples.Row(Samples.Tokens(1000, "a"), 400), Samples.Row(Samples.Tokens(1000, "b"), 900), Samples.Row(Account.Prepaid, 0, 700 * Samples.PerToken, Samples.Usd)],
            [0, 0, 700 * Samples.PerToken]);

        booked.Amounts.ShouldBe([100, 100, 600 * Samples.PerToken]);
    }

    [Fact]
    public void Of_MoreThanTheBalance_EmptiesItAndNoMore()
    {
        var booked = Of([Samples.Pay(1000)], [Samples.Row(Account.Prepaid, 100, 60_000, 100_000)], [60_000]);

        booked.Charged.ShouldBe(99_900);
    }

    [Fact]
    public void Of_ACeilingBelowTheBalance_BoundsBoth()
    {
        var booked = Of(
            [Samples.Pay(100), Samples.Pay(100, Ceiling)],
            [Samples.Row(Account.Prepaid, 0, 6000, Samples.Usd), Samples.Row(Ceiling, Samples.Usd - 7000, 6000)],
            [6000, 6000]);

        booked.Amounts.ShouldBe([7000, 7000]);
    }

    [Fact]
    public void Of_ACeilingOfLastMonth_GivesWhatWasHeldOfIt()
    {
        var moved = Samples.Row(Ceiling, 0) with { Window = new WindowSpan("2026-06", null) };

        var booked = Of([Samples.Pay(100), Samples.Pay(100, Ceiling)], [Samples.Row(Account.Prepaid, 0, 6000, Samples.Usd), moved], [6000, 6000]);

        booked.Charged.ShouldBe(6000);
    }

    [Fact]
    public void Of_AnAccountWithoutABound_ChargesTheTruth()
    {
        var booked = Of([Samples.Pay(100, Account.Postpaid)], [Samples.Row(Account.Prepaid, 0, 1)], [1]);

        booked.Charged.ShouldBe(100 * Samples.PerToken);
    }

    private static SettlementAmounts Of(IReadOnlyList<Claim> used, IReadOnlyList<QuotaRow> rows, IReadOnlyList<long> held) => SettlementCalculator.Of(
        used,
        [.. used.Zip(held, (take, amount) => new Hold(take.Quota, WindowSpan.At(take.Bound.Limit.Window, Samples.Now).Id, amount))],
        key => rows.Single(row => row.Key == key));
}
