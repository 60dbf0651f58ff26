using Freeway.Gateway.Upstreams;

namespace Freeway.Gateway.Tests.Upstreams;

public sealed class RetryAfterTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("30", 30)]
    [InlineData(" 30 ", 30)]
    [InlineData("0", 0)]
    [InlineData("1.5", 1.5)]
    [InlineData("999999999999", 3600)]
    [InlineData("Sat, 21 Nov 2026 12:00:40 GMT", 40)]
    [InlineData("Sat, 21 Nov 2026 11:00:00 GMT", 0)]
    [InlineData("Sun, 22 Nov 2026 00:00:00 GMT", 3600)]
    public void Read_SecondsOrADate_IsTheWaitWithinItsBounds(string value, double seconds) =>
        RetryAfter.Read(value, Now, TimeSpan.FromHours(1)).ShouldBe(TimeSpan.FromSeconds(seconds));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("soon")]
    [InlineData("2026-11-21")]
    public void Read_AnythingElse_IsNothing(string? value) => RetryAfter.Read(value, Now, TimeSpan.FromHours(1)).ShouldBeNull();
}
