using Freeway.Gateway.ActivityLog;
using static Freeway.Tests.Shared.ActivitySamples;

namespace Freeway.Gateway.Tests.ActivityLog;

public sealed class DailyUsageTests
{
    [Fact]
    public void For_RecordOfAnotherTimeZone_CountsOnItsUtcDay() =>
        DailyUsage.For(Record(1, new DateTimeOffset(2026, 5, 30, 1, 0, 0, TimeSpan.FromHours(2)))).Day.ShouldBe(new DateOnly(2026, 5, 29));

    [Fact]
    public void With_NumbersBeyondALong_EndsAtTheLargest() =>
        DailyUsage.For(Record(1)).With(Record(1) with { TotalTokens = long.MaxValue }).With(Record(2)).TotalTokens.ShouldBe(long.MaxValue);
}
