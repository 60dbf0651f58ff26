using Freeway.Gateway.Core;

namespace Freeway.Gateway.Tests.Core;

public sealed class MomentTests
{
    private static readonly Moment Noon = new(new DateTimeOffset(2026, 5, 29, 12, 0, 0, TimeSpan.Zero), TimeSpan.FromHours(1));

    [Theory]
    [InlineData(10, 10, 10)]
    [InlineData(-300, 10, 10)]
    [InlineData(10, 0, 10)]
    [InlineData(0, 10, 10)]
    public void Since_TheClocksDiffer_IsTheLonger(double calendar, double running, double since) =>
        new Moment(Noon.Calendar.AddSeconds(calendar), Noon.Running + TimeSpan.FromSeconds(running)).Since(Noon)
            .ShouldBe(TimeSpan.FromSeconds(since), "a calendar that was set back, or a machine that slept, makes nothing young again");
}
