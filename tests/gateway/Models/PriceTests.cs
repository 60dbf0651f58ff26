using System.Globalization;
using Freeway.Gateway.Models;
using FsCheck;
using FsCheck.Fluent;

namespace Freeway.Gateway.Tests.Models;

public sealed class PriceTests
{
    [Fact]
    public void Cost_AnyTokens_IsExactAndRoundedUpOnce() =>
        Prop.ForAll(Amounts(10_000_000), Amounts(10_000_000), Amounts(2_000_000_000), (input, output, price) =>
        {
            var exact = ((decimal)input * price + (decimal)output * (price / 3)) / 1_000_000m;
            return new Price(price, price / 3).Cost(input, output) == (long)Math.Ceiling(exact);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(1_000_000, 0, 400_000_000)]
    [InlineData(0, 1_000_000, 1_600_000_000)]
    [InlineData(1, 0, 400)]
    [InlineData(0, 0, 0)]
    public void Cost_KnownTokens_AreKnownNanoDollars(long input, long output, long nanos) =>
        new Price(400_000_000, 1_600_000_000).Cost(input, output).ShouldBe(nanos);

    [Fact]
    public void Cost_LessThanANanoDollar_IsOne() => new Price(1, 0).Cost(1, 0).ShouldBe(1);

    [Fact]
    public void Cost_MoreThanALongHolds_Throws() => Should.Throw<OverflowException>(() => new Price(long.MaxValue, long.MaxValue).Cost(long.MaxValue, 1));

    [Theory]
    [InlineData(0, "0.00")]
    [InlineData(1_234_000_000, "1.234")]
    [InlineData(1, "0.000000001")]
    [InlineData(2_500_000_000, "2.50")]
    [InlineData(-10_000_000, "-0.01")]
    public void Format_KnownNanos_AreDollars(long nanos, string text) => Money.Format(nanos).ShouldBe(text);

    [Fact]
    public void Format_AnyNanos_ReadBackWithoutLoss() =>
        Prop.ForAll(ArbMap.Default.ArbFor<long>(), nanos => decimal.Parse(Money.Format(nanos), CultureInfo.InvariantCulture) * Money.NanosPerDollar == nanos)
            .QuickCheckThrowOnFailure();

    private static Arbitrary<long> Amounts(int most) => Gen.Choose(0, most).Select(amount => (long)amount).ToArbitrary();
}
