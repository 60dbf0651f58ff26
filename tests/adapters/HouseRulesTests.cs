using Freeway.Adapters.Ledger;
using Freeway.Tests.Shared.House;

namespace Freeway.Adapters.Tests;

public sealed class HouseRulesTests
{
    private const string Home = "Freeway.Adapters";
    private static readonly string Adapters = typeof(TableLedgerStore).Assembly.Location;

    /// <summary>What all rooms stand on comes first.</summary>
    private static readonly IReadOnlyList<string> Order = ["Tables", .. Rooms.InOrder];

    [Fact]
    public void Adapters_AnyRoom_ReachesOnlyToTheLeft() => Rooms.ReachingRight(Adapters, Home, Home, Order).ShouldBeEmpty();

    [Fact]
    public void Adapters_AnyRoom_UsesTheGatewaysRoomsToItsLeftAndItsOwn() =>
        Rooms.ReachingRight(Adapters, Home, "Freeway.Gateway", Rooms.InOrder).Where(use => !use.StartsWith("Freeway.Adapters.Tables.", StringComparison.Ordinal))
            .ShouldBeEmpty();

    [Fact]
    public void Adapters_Tables_UseNoRoomOfTheGateway() =>
        Rooms.ReachingRight(Adapters, Home, "Freeway.Gateway", Order).Where(use => use.StartsWith("Freeway.Adapters.Tables.", StringComparison.Ordinal))
            .ShouldBeEmpty();

    [Fact]
    public void Adapters_Rooms_AreAllInTheOrder() => Rooms.Unknown(Adapters, Home, Order).ShouldBeEmpty();

    [Fact]
    public void Adapters_References_HoldNoDoor() =>
        Rooms.References(Adapters).ShouldAllBe(name =>
            !name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) && !name.StartsWith("Microsoft.Azure.Functions", StringComparison.Ordinal));
}
