using System.Globalization;
using Freeway.Gateway.Core;
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

    [Theory]
    [InlineData(0, 1_000, null, 400_000)]
    [InlineData(1_000, 1_000, null, 400_000)] // without a price of its own, cached input costs what all input costs
    [InlineData(1_000, 1_000, 40_000_000L, 40_000)]
    [InlineData(800, 1_000, 40_000_000L, 112_000)]
    [InlineData(1, 1, 1L, 1)] // rounded up
    [InlineData(1_000, 1_000, 0L, 0)]
    public void Cost_CachedInput_HasItsOwnPrice(long cached, long input, long? perMillion, long nanos) =>
        new Price(400_000_000, 0) { CachedInputPerMillion = perMillion }.Cost(input, 0, cachedTokens: cached).ShouldBe(nanos);

    [Theory]
    [InlineData(1_000_000, 0, 18_000_000_000)]
    [InlineData(1, 0, 18_000)]
    [InlineData(0, 60, 6_000_000)]
    [InlineData(0, 1, 100_000)]
    [InlineData(7, 90, 9_126_000)]
    public void Cost_KnownSound_IsKnownNanoDollars(long characters, long seconds, long nanos) =>
        (Price.Zero with { CharactersPerMillion = 18_000_000_000, AudioMinute = 6_000_000 }).Cost(0, 0, characters, seconds).ShouldBe(nanos);

    [Fact]
    public void Cost_OfAllKinds_IsExactAndRoundedUpOnce() =>
        Prop.ForAll(Amounts(1_000_000), Amounts(100_000), Amounts(2_000_000_000), (amount, seconds, nanos) =>
        {
            var price = new Price(nanos, nanos / 3) { CharactersPerMillion = nanos / 7, AudioMinute = nanos / 11 };
            var sixtyMillionths = ((Int128)amount * (nanos + (nanos / 3) + (nanos / 7)) * 60) + ((Int128)seconds * (nanos / 11) * 1_000_000);
            var over = ((Int128)price.Cost(amount, amount, amount, seconds) * 60_000_000) - sixtyMillionths;
            return over >= 0 && over < 60_000_000;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Cost_LessThanANanoDollar_IsOne() => new Price(1, 0).Cost(1, 0).ShouldBe(1);

    [Fact]
    public void Cost_MoreThanALongHolds_Throws() => Should.Throw<OverflowException>(() => new Price(long.MaxValue, long.MaxValue).Cost(long.MaxValue, 1));

    [Fact]
    public void Cost_MoreSoundThanALongHolds_Throws() =>
        Should.Throw<OverflowException>(() => (Price.Zero with { AudioMinute = long.MaxValue }).Cost(0, 0, 0, 61));

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
