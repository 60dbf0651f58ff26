using Freeway.Gateway.Upstreams;
using Freeway.Tests.Shared;

namespace Freeway.Gateway.Tests.Upstreams.Routing;

public sealed class ParkingTests
{
    private static readonly UpstreamEndpointId Endpoint = new("upstream|test|00");
    private readonly ManualTime _time = new();
    private readonly Parking _parking;

    public ParkingTests() => _parking = new Parking(_time, new ParkingOptions());

    [Fact]
    public void Park_ThreeModelsAtATime_IsForTheWholeKey()
    {
        _parking.Park(Endpoint, "one", TimeSpan.FromSeconds(20));
        _parking.Park(Endpoint, "two", TimeSpan.FromSeconds(20));
        _parking.Until(Endpoint, "any").ShouldBeNull();
        _parking.Park(Endpoint, "three", TimeSpan.FromSeconds(30));

        _parking.Until(Endpoint, "any").ShouldBe(_time.GetUtcNow().AddSeconds(30));
        _parking.Until(new UpstreamEndpointId("other"), "any").ShouldBeNull();
        _time.Advance(TimeSpan.FromSeconds(30));
        _parking.Until(Endpoint, "any").ShouldBeNull();
    }

    [Fact]
    public void Park_OneModel_LeavesTheOthers()
    {
        _parking.Park(Endpoint, "one", TimeSpan.FromSeconds(30));

        _parking.Until(Endpoint, "one").ShouldNotBeNull();
        _parking.Until(Endpoint, "other").ShouldBeNull();
    }

    [Fact]
    public void Park_TheUpstreamSaysAYear_IsBelievedADay() =>
        _parking.Park(Endpoint, "model", TimeSpan.FromDays(365)).ShouldBe(_time.GetUtcNow().AddDays(1));

    [Fact]
    public void Park_AgainAndAgainWithoutATime_WaitsTwiceAsLongUpToABound()
    {
        List<double> waits = [];
        for (var time = 0; time < 12; time++)
        {
            var until = _parking.Park(Endpoint, "model", null);
            waits.Add((until - _time.GetUtcNow()).TotalSeconds);
            _time.AdvanceTo(until);
        }

        waits[..4].ShouldBe([2, 4, 8, 16]);
        waits[^1].ShouldBe(300);
    }

    [Fact]
    public void Park_AnsweredInBetween_BeginsAnew()
    {
        _time.AdvanceTo(_parking.Park(Endpoint, "model", null));
        _parking.Clear(Endpoint, "model");

        _parking.Park(Endpoint, "model", null).ShouldBe(_time.GetUtcNow().AddSeconds(2));
    }

    [Fact]
    public void Park_ShorterThanItIsAlready_StaysAsItIs()
    {
        var until = _parking.Park(Endpoint, "model", TimeSpan.FromMinutes(10));

        _parking.Park(Endpoint, "model", TimeSpan.FromSeconds(1)).ShouldBe(until);
    }

    [Fact]
    public void Status_OfWhatIsParked_SaysWhySinceWhenAndUntilWhen()
    {
        var began = _time.GetUtcNow();
        _parking.Park(Endpoint, "one", TimeSpan.FromSeconds(20));
        _parking.Park(Endpoint, "two", null, status: 529);
        _time.Advance(TimeSpan.FromSeconds(1));
        _parking.Park(Endpoint, "three", TimeSpan.FromSeconds(30));
        _parking.Park(Endpoint, "one", TimeSpan.FromSeconds(40));

        var parked = _parking.Of(Endpoint);

        parked["one"].ShouldBe(new ParkedStatus(
            new ParkingCause(ParkingReason.RateLimited, 429, TimeSpan.FromSeconds(40)), began, began.AddSeconds(41)),
            "it was parked all the while");
        parked["two"].ShouldBe(new ParkedStatus(
            new ParkingCause(ParkingReason.RateLimited, 529, null), began, began.AddSeconds(2)));
        parked["*"].Cause.Reason.ShouldBe(ParkingReason.SeveralModelsRateLimited);
        parked["*"].Since.ShouldBe(began.AddSeconds(1));
    }

    [Fact]
    public void Status_OfWhatWasParkedBefore_BeginsAnew()
    {
        _time.AdvanceTo(_parking.Park(Endpoint, "one", TimeSpan.FromSeconds(20)).AddSeconds(5));
        _parking.Of(Endpoint).ShouldBeEmpty();

        _parking.Park(Endpoint, "one", TimeSpan.FromSeconds(20));

        _parking.Of(Endpoint)["one"].Since.ShouldBe(_time.GetUtcNow());
    }
}
