using Freeway.Gateway.Core;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Tests.Plans;

public sealed class LimitUnitTests
{
    private static readonly Quantities Request = new()
    {
        Requests = 1, Input = 200, Cached = 90, Uncounted = 30, Output = 7, Images = 2, Characters = 500, Seconds = 12,
        MicroUnits = 41, CostNanos = 1_000,
    };

    [Theory]
    [InlineData(LimitUnit.Requests, 1, true, false, false)]
    [InlineData(LimitUnit.Tokens, 177, false, true, true)]
    [InlineData(LimitUnit.InputTokens, 170, false, false, true)]
    [InlineData(LimitUnit.OutputTokens, 7, false, true, false)]
    [InlineData(LimitUnit.MicroUnits, 41, false, true, true)]
    [InlineData(LimitUnit.NanoDollars, 1_000, true, true, false)]
    [InlineData(LimitUnit.Images, 2, false, false, false)]
    [InlineData(LimitUnit.Characters, 500, false, false, false)]
    [InlineData(LimitUnit.Seconds, 12, false, false, false)]
    [InlineData(LimitUnit.ConcurrentRequests, 1, true, false, false)]
    [InlineData(LimitUnit.EndUserRows, 0, true, false, false)]
    public void Unit_OfARequest_CountsItsOwnAndSaysHowStrictItIs(
        LimitUnit unit, long amount, bool isStrict, bool countsOutput, bool countsPrompt)
    {
        Request.Of(unit).ShouldBe(amount);
        (unit.IsStrict(), unit.CountsOutput(), unit.CountsPrompt()).ShouldBe((isStrict, countsOutput, countsPrompt));
    }

    [Theory]
    [InlineData(LimitUnit.NanoDollars, 1_500_000_000, 1.5, "1.5 USD")]
    [InlineData(LimitUnit.NanoDollars, 1, 0.000000001, "0.000000001 USD")]
    [InlineData(LimitUnit.MicroUnits, 2_000_001, 2.000001, "2.000001 compute units")]
    [InlineData(LimitUnit.InputTokens, 12, 12, "12 input tokens")]
    public void Amount_AsCallersSeeIt_IsInTheWrittenUnit(LimitUnit unit, long amount, double shown, string text)
    {
        unit.Shown(amount).ShouldBe((decimal)shown);
        LimitText.Amount(unit, amount).ShouldBe(text);
    }

    [Theory]
    [InlineData(0, 0, "The least top-up is 0.000000001 USD.")]
    [InlineData(0, 1, null)]
    [InlineData(2_500_000_000, 2_499_999_999, "The least top-up is 2.5 USD.")]
    [InlineData(2_500_000_000, 2_500_000_000, null)]
    public void TopUp_BelowThePlansLeast_IsRefusedByItsField(long least, long nanos, string? words)
    {
        var refusal = new PurchaseRules(least, null).TooSmall(nanos);

        refusal?.Message.ShouldContain(words!);
        (refusal?.Code).ShouldBe(words is null ? null : RefusalCode.InvalidRequest);
    }

    [Theory]
    [InlineData("account", true)]
    [InlineData("ceiling.org", true)]
    [InlineData("ceiling.key", true)]
    [InlineData("own.gift", false)]
    public void Source_OfALimit_SaysWhetherItPays(string source, bool pays) => Account.Pays(source).ShouldBe(pays);

    [Fact]
    public void Rows_OfTheAccount_KeepTheirNames() => new[]
    {
        Account.Prepaid, Account.Postpaid, Account.OrgCeiling(7), Account.KeyCeiling("key-1", 3), EndUserRows.Bound(5),
    }.Select(bound => $"{bound.Source}|{bound.Subject}|{bound.Limit.Name}|{bound.Limit.Amount}|{bound.Limit.IsPurchased}").ShouldBe(
    [
        "account|*|account|0|True",
        $"account|*|account|{long.MaxValue}|False",
        "ceiling.org|*|org|7|False",
        "ceiling.key|key-1|key|3|False",
        "end_users.new|*|new|5|False",
    ]);
}
