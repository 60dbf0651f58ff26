using Freeway.Adapters.Tables;

namespace Freeway.Adapters.Tests.Tables;

public sealed class TableNamesTests
{
    [Fact]
    public void Names_WithPrefix_BeginWithIt()
    {
        new TableNames("blue2").Ledger.ShouldBe("blue2ledger");
        new TableNames().Activity.ShouldBe("activity");
    }

    [Theory]
    [InlineData("2blue")]
    [InlineData("blue-green")]
    [InlineData("blaü")]
    [InlineData("a2345678901234567890123456789012345678901")]
    public void Names_PrefixThatNoTableTakes_IsRefused(string prefix) =>
        Should.Throw<ArgumentException>(() => new TableNames(prefix)).Message.ShouldContain("Freeway:TablePrefix");
}
