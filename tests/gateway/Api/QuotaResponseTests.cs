using System.Text.Json;
using Freeway.Gateway.Api;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Tests.Api;

public sealed class QuotaResponseTests
{
    [Fact]
    public void Of_AccountWithoutABound_HasNeitherLimitNorRemaining()
    {
        var card = QuotaResponse.Of(new QuotaState(Account.Postpaid, new WindowSpan("lifetime", null), long.MaxValue, 1_234_000_000, 0), QuotaResponse.Paid, null);

        card.Limit.ShouldBeNull();
        card.Remaining.ShouldBeNull();
        card.Used.ShouldBe(1.234m);
        card.Kind.ShouldBe("paid");
        using var json = JsonDocument.Parse(JsonSerializer.Serialize(card));
        json.RootElement.GetProperty("Limit").ValueKind.ShouldBe(JsonValueKind.Null);
        json.RootElement.GetProperty("Remaining").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Theory]
    [InlineData(LimitUnit.NanoDollars, 1_500_000_000, 250_000_001, "1.5", "1.249999999")]
    [InlineData(LimitUnit.MicroUnits, 10_000_000_000, 1, "10000", "9999.999999")]
    [InlineData(LimitUnit.Tokens, 50_000, 1, "50000", "49999")]
    public void Of_AnyUnit_ShowsAmountsAsPlansWriteThem(LimitUnit unit, long amount, long used, string limit, string remaining)
    {
        var bound = new BoundLimit("p.x", "*", new Limit("x", unit, amount, LimitWindow.Month, LimitScope.Org));

        var card = QuotaResponse.Of(new QuotaState(bound, new WindowSpan("2026-05", null), amount, used, 0), QuotaResponse.Gift, null);

        card.Limit!.Value.ToString(System.Globalization.CultureInfo.InvariantCulture).ShouldBe(limit);
        card.Remaining!.Value.ToString(System.Globalization.CultureInfo.InvariantCulture).ShouldBe(remaining);
    }
}
