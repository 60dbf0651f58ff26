using Freeway.Gateway.Models;

namespace Freeway.Gateway.Tests.Models;

public sealed class ModelCostTests
{
    private static readonly Model Echo = new("demo/echo", "Echo", 1000, new Price(400_000_000, 1_600_000_000), null, false, [])
    {
        FlexPercent = 50,
        NanosPerImage = 40_000_001,
    };

    [Theory]
    [InlineData(Variant.None, 1, 1, 0, 2000)]
    [InlineData(Variant.Free, 1, 1, 0, 2000)]
    [InlineData(Variant.Flex, 1, 1, 0, 1000)]
    [InlineData(Variant.None, 1, 0, 2, 80_000_402)]
    [InlineData(Variant.Flex, 0, 0, 1, 20_000_001)]
    public void Cost_AVariant_IsThatOfItsTokensAndImages(Variant variant, long input, long output, long images, long nanos) =>
        Echo.Cost(variant, input, output, images).ShouldBe(nanos);

    [Theory]
    [InlineData(Variant.None, 100, 0, 1_800_000)]
    [InlineData(Variant.None, 0, 7, 700_000)]
    [InlineData(Variant.Flex, 1, 1, 59_000)]
    public void Cost_OfSound_IsThatOfItsCharactersAndSeconds(Variant variant, long characters, long seconds, long nanos) =>
        (Echo with { Price = Price.Zero with { CharactersPerMillion = 18_000_000_000, AudioMinute = 6_000_000 } })
            .Cost(variant, 0, 0, 0, characters, seconds).ShouldBe(nanos);

    [Fact]
    public void Cost_MoreThanALongHolds_Throws()
    {
        Should.Throw<OverflowException>(() => (Echo with { NanosPerImage = long.MaxValue }).Cost(Variant.None, 1, 0, 2));
        Should.Throw<OverflowException>(() => (Echo with { NanosPerImage = long.MaxValue }).Cost(Variant.None, 1, 0, 1));
    }
}
