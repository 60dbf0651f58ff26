using Freeway.Gateway.Plans;
using Freeway.Gateway.Upstreams;

namespace Freeway.Gateway.Tests.Upstreams;

public sealed class RateLimitReaderTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(ResetForm.Seconds, "33", 33_000)]
    [InlineData(ResetForm.Seconds, "33011.382867", 33_011_382)]
    [InlineData(ResetForm.Seconds, "0", 0)]
    [InlineData(ResetForm.GoDuration, "2m59.56s", 179_560)]
    [InlineData(ResetForm.GoDuration, "350ms", 350)]
    [InlineData(ResetForm.GoDuration, "1h0m0s", 3_600_000)]
    [InlineData(ResetForm.GoDuration, "0", 0)]
    [InlineData(ResetForm.GoDuration, "120µs", 1)]
    [InlineData(ResetForm.EpochSeconds, "1795262430", 30_000)]
    [InlineData(ResetForm.EpochMilliseconds, "1795262430500", 30_500)]
    [InlineData(ResetForm.EpochMilliseconds, "1795262370000", -30_000)]
    public void Read_AReset_IsTheMomentWhateverItsForm(ResetForm form, string reset, long milliseconds) =>
        Read(form, ("left", "3"), ("reset", reset)).ShouldHaveSingleItem()
            .ShouldBe(new RateLimitReading(LimitUnit.Requests, LimitWindow.Minute, null, 3, Now.AddMilliseconds(milliseconds)));

    [Theory]
    [InlineData(ResetForm.Seconds, "soon")]
    [InlineData(ResetForm.Seconds, "-5")]
    [InlineData(ResetForm.Seconds, "1795262430")]
    [InlineData(ResetForm.GoDuration, "5")]
    [InlineData(ResetForm.GoDuration, "m")]
    [InlineData(ResetForm.GoDuration, "999999999999h")]
    [InlineData(ResetForm.GoDuration, "5m ")]
    [InlineData(ResetForm.EpochSeconds, "1795262430500")]
    [InlineData(ResetForm.EpochMilliseconds, "99999999999999999999999999")]
    public void Read_AResetThatMakesNoSense_IsNotThere(ResetForm form, string reset) =>
        Read(form, ("left", "3"), ("reset", reset.Trim() + (reset.EndsWith(' ') ? "x" : ""))).ShouldHaveSingleItem().ResetsAt.ShouldBeNull();

    [Theory]
    [InlineData("12", 12L)]
    [InlineData(" 12 ", 12L)]
    [InlineData("12.9", 12L)]
    [InlineData("-4", 0L)]
    public void Read_WhatIsLeft_IsRoundedDown(string left, long amount) => Read(ResetForm.Seconds, ("left", left)).ShouldHaveSingleItem().Remaining.ShouldBe(amount);

    [Theory]
    [InlineData("")]
    [InlineData("many")]
    [InlineData("12, 13")]
    [InlineData("1e3")]
    [InlineData("99999999999999999999")]
    public void Read_NothingThatCanBeRead_IsNoReading(string left) => Read(ResetForm.Seconds, ("left", left)).ShouldBeEmpty();

    [Fact]
    public void Read_MoneyLeft_IsInNanoDollars() =>
        RateLimitReader.Read(Upstream(new(LimitUnit.NanoDollars, null, "limit", "left", null, null)), name => name is "limit" ? "5" : "4.8984355238", Now)
            .ShouldHaveSingleItem().ShouldBe(new RateLimitReading(LimitUnit.NanoDollars, null, 5_000_000_000, 4_898_435_523, null));

    private static IReadOnlyList<RateLimitReading> Read(ResetForm form, params (string Name, string Value)[] headers) => RateLimitReader.Read(
        Upstream(new(LimitUnit.Requests, LimitWindow.Minute, "limit", "left", "reset", form)),
        name => headers.Where(header => header.Name == name).Select(header => header.Value).FirstOrDefault(), Now);

    private static Upstream Upstream(RateLimitHeaders headers) => new("some", new Uri("https://api.example.com/v1"), null, true) { RateLimitHeaders = [headers] };
}
