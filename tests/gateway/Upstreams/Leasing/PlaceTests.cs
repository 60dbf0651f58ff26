using Freeway.Gateway.Plans;
using Freeway.Gateway.Upstreams.Leasing;

namespace Freeway.Gateway.Tests.Upstreams.Leasing;

public sealed class PlaceTests
{
    private readonly AllowanceWorld _world = new();
    private readonly BoundLimit _two = AllowanceWorld.AtOnce(2);

    [Fact]
    public async Task Place_OneAfterTheOther_IsUsedAgainWithoutATrip()
    {
        var instance = _world.Instance();

        for (var attempt = 0; attempt < 100; attempt++)
        {
            (await instance.TakeAsync(_two)).SettleWhole();
        }

        _world.Trips.ShouldBe(2);
    }

    [Fact]
    public async Task Place_AllAreTaken_WaitsForOneThatEnds()
    {
        var (one, other) = (_world.Instance(), _world.Instance());
        var first = await one.TakeAsync(_two);
        await other.TakeAsync(_two);
        await other.MissAsync(_two);

        first.GiveBack();
        await one.Allowances.DrainAsync(CancellationToken.None);
        _world.Time.Advance(TimeSpan.FromSeconds(1));

        await other.TakeAsync(_two);
    }

    [Fact]
    public async Task Place_InstanceDied_IsFreeOnceItHasExpired()
    {
        var (dead, other) = (_world.Instance(), _world.Instance());
        await dead.TakeAsync(_two);
        await dead.TakeAsync(_two);
        dead.Way.Kill();
        await other.MissAsync(_two);

        _world.Time.Advance(TimeSpan.FromMinutes(20));

        await other.TakeAsync(_two);
    }

    [Fact]
    public async Task Place_GrowsOld_IsReplacedBeforeItExpires()
    {
        var instance = _world.Instance();
        var one = AllowanceWorld.AtOnce(1);
        (await instance.TakeAsync(one)).SettleWhole();
        _world.Time.Advance(TimeSpan.FromMinutes(11));

        (await instance.TakeAsync(one)).SettleWhole();

        _world.Row(one).Leases.Count.ShouldBe(1);
    }
}
