using Freeway.Gateway.Ledger;
using Freeway.Tests.Shared.House;

namespace Freeway.Gateway.Tests;

public sealed class HouseRulesTests
{
    private const string Home = "Freeway.Gateway";
    private static readonly string Gateway = typeof(RequestLedger).Assembly.Location;

    [Fact]
    public void Gateway_AnyRoom_ReachesOnlyToTheLeft() => Rooms.ReachingRight(Gateway, Home, Home, Rooms.InOrder).ShouldBeEmpty();

    [Fact]
    public void Gateway_Rooms_AreAllInTheOrder() => Rooms.Unknown(Gateway, Home, Rooms.InOrder).ShouldBeEmpty();

    [Fact]
    public void Gateway_References_AreDotNetAlone() =>
        Rooms.References(Gateway).ShouldAllBe(name =>
            name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal));

    [Fact]
    public void Rooms_ReadBackwards_AreFoundToReachRight()
    {
        // The same reader on the order turned round: if it found nothing there, it would find nothing anywhere.
        var found = Rooms.ReachingRight(Gateway, Home, Home, [.. Rooms.InOrder.Reverse()]);

        found.ShouldContain("Freeway.Gateway.Ledger.QuotaRefusal → Freeway.Gateway.Core.Refusal");
        found.ShouldContain("Freeway.Gateway.Inference.InferencePipeline → Freeway.Gateway.Models.Slug");
    }
}
