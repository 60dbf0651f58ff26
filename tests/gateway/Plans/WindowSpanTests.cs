using System.Globalization;
using Freeway.Gateway.Plans;
using FsCheck;
using FsCheck.Fluent;

namespace Freeway.Gateway.Tests.Plans;

public sealed class WindowSpanTests
{
    private static readonly Arbitrary<LimitWindow> Windows = Gen.Elements(Enum.GetValues<LimitWindow>()).ToArbitrary();

    private static readonly Arbitrary<LimitWindow> FixedWindows =
        Gen.Elements(LimitWindow.Minute, LimitWindow.Hour, LimitWindow.Day, LimitWindow.Month).ToArbitrary();

    /// <summary>Any moment of this century, often close to the end of a minute, a day, a month or a year.</summary>
    private static readonly Arbitrary<DateTimeOffset> Moments = (
        from day in Gen.Choose(0, 36_524)
        from second in Gen.OneOf(Gen.Choose(0, 86_399), Gen.Elements(0, 1, 59, 60, 3599, 3600, 86_399))
        from ticks in Gen.OneOf(Gen.Choose(0, 9_999_999), Gen.Elements(0, 9_999_999))
        select new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero).AddDays(day).AddSeconds(second).AddTicks(ticks)).ToArbitrary();

    [Fact]
    public void At_AnyClocks_NeverGoBack() =>
        Prop.ForAll(Windows, Moments, Gen.Choose(-5_000_000, 5_000_000).ArrayOf().ToArbitrary(), (window, start, steps) =>
        {
            var last = WindowSpan.At(window, start);
            foreach (var step in steps)
            {
                var next = WindowSpan.At(window, start.AddSeconds(step), last);
                string.CompareOrdinal(next.Id, last.Id).ShouldBeGreaterThanOrEqualTo(0);
                last = next;
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void At_AnyMoment_LiesBeforeTheEndOfItsWindow() =>
        Prop.ForAll(Windows, Moments, (window, now) => WindowSpan.At(window, now).ResetsAt is not { } end || end > now).QuickCheckThrowOnFailure();

    [Fact]
    public void At_TheEndOfAWindow_IsTheStartOfTheNext() =>
        Prop.ForAll(FixedWindows, Moments, (window, now) =>
        {
            var span = WindowSpan.At(window, now);
            var end = span.ResetsAt!.Value;

            WindowSpan.At(window, end.AddTicks(-1)).ShouldBe(span);
            string.CompareOrdinal(WindowSpan.At(window, end).Id, span.Id).ShouldBePositive();
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void At_TwoMoments_ShareAWindowExactlyWhenNoEndIsBetweenThem() =>
        Prop.ForAll(FixedWindows, Moments, Gen.Choose(0, 4_000_000).ToArbitrary(), (window, now, later) =>
        {
            var (first, second) = (WindowSpan.At(window, now), WindowSpan.At(window, now.AddSeconds(later)));
            (first.Id == second.Id).ShouldBe(now.AddSeconds(later) < first.ResetsAt);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(LimitWindow.Minute, "2026-05-29T23:59:59.9999999Z", "2026-05-29T23:59", "2026-05-30T00:00:00Z")]
    [InlineData(LimitWindow.Hour, "2026-12-31T23:00:00Z", "2026-12-31T23", "2027-01-01T00:00:00Z")]
    [InlineData(LimitWindow.Day, "2028-02-28T12:00:00Z", "2028-02-28", "2028-02-29T00:00:00Z")]
    [InlineData(LimitWindow.Day, "2028-02-29T12:00:00Z", "2028-02-29", "2028-03-01T00:00:00Z")]
    [InlineData(LimitWindow.Day, "2027-02-28T12:00:00Z", "2027-02-28", "2027-03-01T00:00:00Z")]
    [InlineData(LimitWindow.Month, "2026-01-31T23:59:59Z", "2026-01", "2026-02-01T00:00:00Z")]
    [InlineData(LimitWindow.Month, "2028-02-29T00:00:00Z", "2028-02", "2028-03-01T00:00:00Z")]
    [InlineData(LimitWindow.Month, "2026-12-15T00:00:00Z", "2026-12", "2027-01-01T00:00:00Z")]
    [InlineData(LimitWindow.Day, "2026-05-30T03:00:00+05:30", "2026-05-29", "2026-05-30T00:00:00Z")]
    public void At_KnownMoment_IsTheUtcWindow(LimitWindow window, string now, string id, string resetsAt) =>
        WindowSpan.At(window, Time(now)).ShouldBe(new WindowSpan(id, Time(resetsAt)));

    [Fact]
    public void At_Lifetime_NeverPasses()
    {
        var span = WindowSpan.At(LimitWindow.Lifetime, Time("2026-05-29T00:00:00Z"));

        span.ResetsAt.ShouldBeNull();
        WindowSpan.At(LimitWindow.Lifetime, Time("2126-05-29T00:00:00Z"), span).ShouldBe(span);
    }

    [Fact]
    public void At_ThirtyDays_RunFromTheFirstUse()
    {
        var first = WindowSpan.At(LimitWindow.Rolling30Days, Time("2026-01-31T10:00:00Z"));

        first.ResetsAt.ShouldBe(Time("2026-03-02T10:00:00Z"));
        WindowSpan.At(LimitWindow.Rolling30Days, Time("2026-03-02T09:59:59Z"), first).ShouldBe(first);
    }

    [Fact]
    public void At_ThirtyDaysAreOver_RunFromTheNextUse()
    {
        var first = WindowSpan.At(LimitWindow.Rolling30Days, Time("2026-01-31T10:00:00Z"));

        var next = WindowSpan.At(LimitWindow.Rolling30Days, Time("2026-04-01T00:00:00Z"), first);

        next.ShouldBe(new WindowSpan("2026-04-01T00:00:00", Time("2026-05-01T00:00:00Z")));
    }

    [Fact]
    public void At_ThePlanHasChangedItsWindow_BeginsOneOfTheNewKind() =>
        WindowSpan.At(LimitWindow.Month, Time("2026-05-29T00:00:00Z"), WindowSpan.At(LimitWindow.Day, Time("2026-05-29T00:00:00Z"))).Id.ShouldBe("2026-05");

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
