using System.Globalization;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;
using FsCheck;
using FsCheck.Fluent;

namespace Freeway.Gateway.Tests.Plans;

public sealed class WindowSpanTests
{
    private static readonly Arbitrary<LimitWindow> Windows = Gen.Elements(Enum.GetValues<LimitWindow>()).ToArbitrary();

    private static readonly Arbitrary<LimitWindow> FixedWindows =
        Gen.Elements(LimitWindow.Minute, LimitWindow.Hour, LimitWindow.Day, LimitWindow.Week, LimitWindow.Month).ToArbitrary();

    /// <summary>Any moment of this century, often close to the end of a minute, a day, a month or a year.</summary>
    private static readonly Arbitrary<DateTimeOffset> Moments = (
        from day in Gen.Choose(0, 36_524)
        from second in Gen.OneOf(Gen.Choose(0, 86_399), Gen.Elements(0, 1, 59, 60, 3599, 3600, 86_399))
        from ticks in Gen.OneOf(Gen.Choose(0, 9_999_999), Gen.Elements(0, 9_999_999))
        select new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero).AddDays(day).AddSeconds(second).AddTicks(ticks)).ToArbitrary();

    /// <summary>Zones whose clocks have changed in every way that there is: over midnight, by half an hour, by a whole day.</summary>
    private static readonly Arbitrary<TimeZoneInfo> Zones = Gen.Elements(
    [
        .. new[]
        {
            "America/Los_Angeles", "America/New_York", "Europe/Berlin", "Asia/Shanghai", "Asia/Kolkata", "America/Santiago", "America/Havana",
            "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Gaza", "Africa/Cairo",
        }.Select(Zone),
    ]).ToArbitrary();

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
    [InlineData(LimitWindow.Week, "2026-05-31T23:59:59Z", "2026-W22", "2026-06-01T00:00:00Z")]
    [InlineData(LimitWindow.Week, "2026-06-01T00:00:00Z", "2026-W23", "2026-06-08T00:00:00Z")]
    [InlineData(LimitWindow.Week, "2027-01-01T12:00:00Z", "2026-W53", "2027-01-04T00:00:00Z")]
    [InlineData(LimitWindow.Week, "2025-12-29T00:00:00Z", "2026-W01", "2026-01-05T00:00:00Z")]
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

    /// <summary>Vercel credits every 30 days after the first request: day 65 is in the third period, which ends on day 90.</summary>
    [Theory]
    [InlineData("2026-03-02T10:00:00Z", "2026-03-02T10:00:00", "2026-04-01T10:00:00Z")]
    [InlineData("2026-04-01T09:59:59.9999999Z", "2026-03-02T10:00:00", "2026-04-01T10:00:00Z")]
    [InlineData("2026-04-06T00:00:00Z", "2026-04-01T10:00:00", "2026-05-01T10:00:00Z")]
    [InlineData("2036-02-01T10:00:00Z", "2036-01-09T10:00:00", "2036-02-08T10:00:00Z")]
    public void At_ThirtyDaysAreOver_RunFromTheFirstUseForGood(string now, string id, string resetsAt)
    {
        var first = WindowSpan.At(LimitWindow.Rolling30Days, Time("2026-01-31T10:00:00Z"));

        WindowSpan.At(LimitWindow.Rolling30Days, Time(now), first).ShouldBe(new WindowSpan(id, Time(resetsAt)));
    }

    [Fact]
    public void At_ThirtyDaysWhereThePlanHadMonths_BeginWithTheNextUse()
    {
        var month = WindowSpan.At(LimitWindow.Month, Time("2026-05-29T00:00:00Z"));

        WindowSpan.At(LimitWindow.Rolling30Days, Time("2026-05-29T12:00:00Z"), month)
            .ShouldBe(new WindowSpan("2026-05-29T12:00:00", Time("2026-06-28T12:00:00Z")));
    }

    [Theory]
    [InlineData("America/Los_Angeles", LimitWindow.Day, "2026-11-21T07:59:59Z", "2026-11-20", "2026-11-21T08:00:00Z")]
    [InlineData("America/Los_Angeles", LimitWindow.Day, "2026-11-21T08:00:00Z", "2026-11-21", "2026-11-22T08:00:00Z")]
    [InlineData("America/Los_Angeles", LimitWindow.Day, "2026-07-01T06:59:59Z", "2026-06-30", "2026-07-01T07:00:00Z")]
    [InlineData("America/Los_Angeles", LimitWindow.Week, "2026-11-02T07:59:59Z", "2026-W44", "2026-11-02T08:00:00Z")]
    [InlineData("Asia/Shanghai", LimitWindow.Week, "2026-05-31T16:00:00Z", "2026-W23", "2026-06-07T16:00:00Z")]
    [InlineData("America/Los_Angeles", LimitWindow.Month, "2026-12-01T07:59:59Z", "2026-11", "2026-12-01T08:00:00Z")]
    [InlineData("America/Los_Angeles", LimitWindow.Month, "2026-03-15T00:00:00Z", "2026-03", "2026-04-01T07:00:00Z")]
    [InlineData("Asia/Shanghai", LimitWindow.Day, "2026-05-29T16:00:00Z", "2026-05-30", "2026-05-30T16:00:00Z")]
    [InlineData("Asia/Kolkata", LimitWindow.Day, "2026-05-29T18:30:00Z", "2026-05-30", "2026-05-30T18:30:00Z")]
    // Clocks skip midnight, or show it twice; a day between two islands never was.
    [InlineData("America/Santiago", LimitWindow.Day, "2022-09-11T03:59:59Z", "2022-09-10", "2022-09-11T04:00:00Z")]
    [InlineData("America/Santiago", LimitWindow.Day, "2022-09-11T04:00:00Z", "2022-09-11", "2022-09-12T03:00:00Z")]
    [InlineData("America/Havana", LimitWindow.Day, "2024-11-03T05:30:00Z", "2024-11-03", "2024-11-04T05:00:00Z")]
    [InlineData("America/Havana", LimitWindow.Day, "2024-11-03T03:59:59Z", "2024-11-02", "2024-11-03T04:00:00Z")]
    [InlineData("Pacific/Apia", LimitWindow.Day, "2011-12-30T09:59:59Z", "2011-12-29", "2011-12-30T10:00:00Z")]
    [InlineData("Pacific/Apia", LimitWindow.Day, "2011-12-30T10:00:00Z", "2011-12-31", "2011-12-31T10:00:00Z")]
    public void At_AMomentInATimeZone_IsItsDayOrMonth(string zone, LimitWindow window, string now, string date, string resetsAt) =>
        WindowSpan.At(window, Time(now), zone: Zone(zone)).ShouldBe(new WindowSpan($"{date}@{zone}", Time(resetsAt)));

    [Theory]
    [InlineData("America/Los_Angeles", "2026-03-08T12:00:00Z", 23)]
    [InlineData("America/Los_Angeles", "2026-03-09T12:00:00Z", 24)]
    [InlineData("America/Los_Angeles", "2026-11-01T12:00:00Z", 25)]
    [InlineData("Europe/Berlin", "2026-03-29T12:00:00Z", 23)]
    [InlineData("Europe/Berlin", "2026-10-25T12:00:00Z", 25)]
    [InlineData("Australia/Lord_Howe", "2026-10-03T16:00:00Z", 23.5)]
    public void At_ADayOnWhichClocksChange_HasTheHoursThatItHas(string zone, string noon, double hours)
    {
        var day = WindowSpan.At(LimitWindow.Day, Time(noon), zone: Zone(zone));
        var begins = day.ResetsAt!.Value.AddHours(-hours);

        WindowSpan.At(LimitWindow.Day, begins, zone: Zone(zone)).ShouldBe(day);
        WindowSpan.At(LimitWindow.Day, begins.AddTicks(-1), zone: Zone(zone)).ResetsAt.ShouldBe(begins);
    }

    [Fact]
    public void At_AnyMomentInAnyZone_IsAWindowThatTouchesTheNext() =>
        Prop.ForAll(Zones, Gen.Elements(LimitWindow.Day, LimitWindow.Week, LimitWindow.Month).ToArbitrary(), Moments, (zone, window, now) =>
        {
            var span = WindowSpan.At(window, now, zone: zone);
            var end = span.ResetsAt!.Value;

            end.ShouldBeGreaterThan(now);
            WindowSpan.At(window, end.AddTicks(-1), zone: zone).ShouldBe(span);
            string.CompareOrdinal(WindowSpan.At(window, end, zone: zone).Id, span.Id).ShouldBePositive();
            WindowSpan.BeginsAt(WindowSpan.At(window, end, zone: zone).Id).ShouldBe(end);
            ConcurrencyLeases.IsName(span.Id).ShouldBeFalse();
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("2026-05-29@America/Los_Angeles", "America/Los_Angeles")]
    [InlineData("2026-05@Asia/Tokyo", "Asia/Tokyo")]
    [InlineData("2026-W22", "UTC")]
    [InlineData("2026-W22@Asia/Tokyo", "Asia/Tokyo")]
    [InlineData("2026-05-29", "UTC")]
    [InlineData("2026-05-29T08:15", "UTC")]
    public void KindOf_AnId_IsTheWindowThatItNames(string id, string zone)
    {
        var (window, found) = WindowSpan.KindOf(id)!.Value;

        found.Id.ShouldBe(zone);
        WindowSpan.At(window, Time("2026-05-29T08:15:30Z"), zone: found).Id.ShouldBe(id);
    }

    [Theory]
    [InlineData("2026-05-29@America/Los_Angeles", "2026-05-29T07:00:00Z")]
    [InlineData("2026-05@Asia/Tokyo", "2026-04-30T15:00:00Z")]
    [InlineData("2026-W22", "2026-05-25T00:00:00Z")]
    [InlineData("2026-W01@Asia/Tokyo", "2025-12-28T15:00:00Z")]
    [InlineData("2026-W54", null)]
    [InlineData("2026-05-29T08", "2026-05-29T08:00:00Z")]
    [InlineData("2026-05-29T08:15:30", "2026-05-29T08:15:30Z")]
    [InlineData("lifetime", null)]
    [InlineData("2026-05-29@Atlantis/Capital", null)]
    public void BeginsAt_AnId_IsTheMomentAtWhichItsWindowBegan(string id, string? begins) =>
        WindowSpan.BeginsAt(id).ShouldBe(begins is null ? null : Time(begins));

    [Theory]
    [InlineData("lifetime")]
    [InlineData("now")]
    [InlineData("not_begun")]
    [InlineData("2026-05-29T08:15:30")]
    [InlineData("2026-05-29@Atlantis/Capital")]
    public void KindOf_AnIdThatTheClockDoesNotDecide_IsNone(string id) => WindowSpan.KindOf(id).ShouldBeNull();

    /// <summary>A lifetime's id is as long as a week's, and no later week.</summary>
    [Fact]
    public void At_ThePlanHasMadeALifetimeAWeek_BeginsAWeek()
    {
        var lifetime = WindowSpan.At(LimitWindow.Lifetime, Time("2026-05-29T00:00:00Z"));

        WindowSpan.At(LimitWindow.Week, Time("2026-05-29T00:00:00Z"), lifetime).Id.ShouldBe("2026-W22");
    }

    /// <summary>Ids of two zones are equally long here: a later one of another zone is no later window of this one.</summary>
    [Fact]
    public void At_ThePlanHasChangedItsZone_BeginsOneOfTheNewZone()
    {
        var tokyo = WindowSpan.At(LimitWindow.Day, Time("2026-05-29T16:00:00Z"), zone: Zone("Asia/Tokyo"));

        WindowSpan.At(LimitWindow.Day, Time("2026-05-29T16:00:00Z"), tokyo, Zone("Asia/Dubai"))
            .ShouldBe(new WindowSpan("2026-05-29@Asia/Dubai", Time("2026-05-29T20:00:00Z")));
    }

    [Fact]
    public void At_ThePlanHasChangedItsWindow_BeginsOneOfTheNewKind() =>
        WindowSpan.At(LimitWindow.Month, Time("2026-05-29T00:00:00Z"), WindowSpan.At(LimitWindow.Day, Time("2026-05-29T00:00:00Z"))).Id.ShouldBe("2026-05");

    private static TimeZoneInfo Zone(string name) => TimeZoneInfo.FindSystemTimeZoneById(name);

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
