using System.Globalization;
using Freeway.Gateway.Core;

namespace Freeway.Gateway.Plans;

/// <summary>
/// The time that a limit's amount lasts. Days, weeks and months follow the limit's time zone, all else follows UTC.
/// </summary>
public enum LimitWindow
{
    Minute,
    Hour,
    Day,

    /// <summary>A week from Monday to Sunday.</summary>
    Week,
    Month,

    /// <summary>Periods of 30 days, one after the other, from the very first use on.</summary>
    [WireName("rolling_30_days", "rolling-30-days", "rolling30_days")]
    Rolling30Days,
    Lifetime,

    /// <summary>The limit has no window: what is taken is a lease, which ends with its request or expires.</summary>
    None,
}

/// <summary>Gives the properties of each kind of window.</summary>
public static class LimitWindows
{
    /// <summary>Tells whether the window begins at a midnight, which the limit's time zone decides.</summary>
    public static bool FollowsZone(this LimitWindow window) =>
        window is LimitWindow.Day or LimitWindow.Week or LimitWindow.Month;
}

/// <summary>
/// One window of a limit: a pure function of the clock and, where windows begin at first use, of the last one.
/// </summary>
/// <param name="Id">
/// Names the window; the ids of one kind and zone sort by time: <c>2026-11-21</c>, <c>2026-11-21T08:15</c>,
/// <c>2026-W47</c> (ISO 8601), <c>2026-11</c>,
/// <c>2026-11-21@America/Los_Angeles</c>; <c>lifetime</c> never passes.
/// </param>
/// <param name="ResetsAt">
/// When the next window begins; null for a lifetime, and for one that begins only with its first use.
/// </param>
public readonly record struct WindowSpan(string Id, DateTimeOffset? ResetsAt)
{
    /// <summary>Stands between the date and the time zone of a window that does not follow UTC.</summary>
    public const char ZoneMark = '@';

    private static readonly string[] DateFormats =
        ["yyyy-MM", "yyyy-MM-dd", "yyyy-MM-dd'T'HH", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss"];

    private static readonly TimeSpan ThirtyDays = TimeSpan.FromDays(30);

    /// <summary>The window by UTC that was asked for last, of each kind.</summary>
    private static readonly Known?[] Latest = new Known?[Enum.GetValues<LimitWindow>().Length];

    /// <summary>A window that begins only with the first use of its limit, before that use.</summary>
    public static WindowSpan NotBegun { get; } = new("not_begun", null);

    /// <summary>The window in which a request at <paramref name="now"/> counts.</summary>
    /// <param name="last">The window last seen in storage: a clock that lags behind it never turns it back.</param>
    /// <param name="zone">The zone whose days, weeks and months count; null for UTC.</param>
    public static WindowSpan At(LimitWindow window, DateTimeOffset now, WindowSpan? last = null, TimeZoneInfo? zone = null)
    {
        var current = window is LimitWindow.Rolling30Days ? Rolling(now, last)
            : window.FollowsZone() && zone is not null && !zone.Equals(TimeZoneInfo.Utc)
            ? Local(window, now, zone)
            : Current(window, now.ToUniversalTime());
        if (last?.Id == current.Id)
        {
            return current;
        }

        // Where the plan has changed the kind or the zone of its window, the last one says nothing of the new one.
        var isLater = last is { Id: { } id } && AreAlike(id, current.Id) && string.CompareOrdinal(id, current.Id) > 0;
        return isLater ? last!.Value : current;
    }

    /// <summary>
    /// The kind and the zone of a window by its id; null for ids that no clock decides, and for zones unknown here.
    /// </summary>
    public static (LimitWindow Window, TimeZoneInfo Zone)? KindOf(string id)
    {
        var (date, name) = Parts(id);
        LimitWindow? window = date.Length switch
        {
            7 => LimitWindow.Month,
            8 when IsDate(date) => LimitWindow.Week,
            10 => LimitWindow.Day,
            13 => LimitWindow.Hour,
            16 => LimitWindow.Minute,
            _ => null,
        };
        var zone = name.Length is 0 ? TimeZoneInfo.Utc : TimeZoneInfo.TryFindSystemTimeZoneById(name, out var found) ? found : null;
        return window is { } kind && zone is not null ? (kind, zone) : null;
    }

    /// <summary>
    /// The moment at which a window began, to the second, by its id; null for ids that name none, and for zones unknown
    /// here.
    /// </summary>
    public static DateTimeOffset? BeginsAt(string id)
    {
        var (text, zone) = Parts(id);
        return DateOf(text) is not { } date ? null
            : zone.Length is 0 ? new DateTimeOffset(date, TimeSpan.Zero)
            : TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) ? StartOf(date, found) : null;
    }

    private static DateTime? DateOf(string text)
    {
        if (text.Length is 8 && IsDate(text))
        {
            var (year, week) = (Number(text[..4]), Number(text[6..]));
            return year > 0 && week >= 1 && week <= ISOWeek.GetWeeksInYear(year)
                ? ISOWeek.ToDateTime(year, week, DayOfWeek.Monday)
                : null;
        }

        var isDate = DateTime.TryParseExact(
            text, DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date);
        return isDate ? date : null;

        static int Number(string digits) =>
            int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }

    private static bool IsDate(string id) => char.IsAsciiDigit(id[0]);

    /// <summary>
    /// One of the periods of 30 days that follow each other from the first use on. Each begins where the one before it
    /// ended, whether or not anything was used in between, so the first use decides all of them for good.
    /// </summary>
    private static WindowSpan Rolling(DateTimeOffset now, WindowSpan? last)
    {
        if (last is not { Id: { } id, ResetsAt: { } end } || !AreAlike(id, Period(now).Id))
        {
            return Period(now);
        }

        return now < end ? last.Value : Period(end + ((now - end).Ticks / ThirtyDays.Ticks * ThirtyDays));
    }

    private static WindowSpan Period(DateTimeOffset start) =>
        new(Format(start.ToUniversalTime(), "yyyy-MM-dd'T'HH:mm:ss"), start + ThirtyDays);

    /// <summary>The day, week or month of a time zone: 23, 24 or 25 hours are a day there.</summary>
    private static WindowSpan Local(LimitWindow window, DateTimeOffset now, TimeZoneInfo zone)
    {
        var today = TimeZoneInfo.ConvertTime(now, zone).Date;
        var first = window switch
        {
            LimitWindow.Day => today,
            LimitWindow.Week => Monday(today),
            _ => today.AddDays(1 - today.Day),
        };
        var (next, end) = Following(first);

        // Clocks that go back over midnight show a date that has passed: the window that has begun stays.
        while (end <= now)
        {
            first = next;
            (next, end) = Following(first);
        }

        var date = window is LimitWindow.Week ? WeekOf(first)
            : first.ToString(window is LimitWindow.Day ? "yyyy-MM-dd" : "yyyy-MM", CultureInfo.InvariantCulture);
        return new($"{date}{ZoneMark}{zone.Id}", end);

        (DateTime Next, DateTimeOffset End) Following(DateTime date)
        {
            var after = window switch
            {
                LimitWindow.Day => date.AddDays(1),
                LimitWindow.Week => date.AddDays(7),
                _ => date.AddMonths(1),
            };
            return (after, StartOf(after, zone));
        }
    }

    private static DateTime Monday(DateTime day) => day.AddDays(-(((int)day.DayOfWeek + 6) % 7));

    /// <summary>The name of the week that begins with a Monday. Its year is that of its Thursday.</summary>
    private static string WeekOf(DateTime monday) =>
        string.Create(CultureInfo.InvariantCulture, $"{ISOWeek.GetYear(monday):0000}-W{ISOWeek.GetWeekOfYear(monday):00}");

    /// <summary>The moment at which a date begins in a time zone.</summary>
    private static DateTimeOffset StartOf(DateTime date, TimeZoneInfo zone)
    {
        if (zone.IsInvalidTime(date))
        {
            return EndOfGap(date, zone);
        }

        // Midnight that is there twice begins the day the first time, when clocks are still ahead.
        var offset = zone.IsAmbiguousTime(date) ? zone.GetAmbiguousTimeOffsets(date).Max() : zone.GetUtcOffset(date);
        return new DateTimeOffset(date, offset).ToUniversalTime();
    }

    /// <summary>The moment at which clocks skip a midnight; the day begins with it.</summary>
    private static DateTimeOffset EndOfGap(DateTime midnight, TimeZoneInfo zone)
    {
        var utc = new DateTimeOffset(midnight, TimeSpan.Zero);
        var (before, after) = (utc.AddDays(-1), utc.AddDays(2));
        while (after - before > TimeSpan.FromTicks(1))
        {
            var middle = before + ((after - before) / 2);
            (before, after) = TimeZoneInfo.ConvertTime(middle, zone).DateTime < midnight ? (middle, after) : (before, middle);
        }

        return after;
    }

    /// <summary>
    /// The window of a kind by UTC: the one that was asked for last where that still runs, as it does for nearly all
    /// requests, else one that is made anew.
    /// </summary>
    private static WindowSpan Current(LimitWindow window, DateTimeOffset utc)
    {
        var known = Volatile.Read(ref Latest[(int)window]);
        if (known is not null && utc >= known.Seen && utc < known.Span.ResetsAt)
        {
            return known.Span;
        }

        var span = Fixed(window, utc);
        if (span.ResetsAt is not null)
        {
            Volatile.Write(ref Latest[(int)window], new Known(utc, span));
        }

        return span;
    }

    private static WindowSpan Fixed(LimitWindow window, DateTimeOffset utc)
    {
        var day = new DateTimeOffset(utc.Year, utc.Month, utc.Day, 0, 0, 0, TimeSpan.Zero);
        var hour = day.AddHours(utc.Hour);
        var monday = Monday(day.UtcDateTime);
        var month = day.AddDays(1 - utc.Day);
        return window switch
        {
            LimitWindow.Minute => new(Format(utc, "yyyy-MM-dd'T'HH:mm"), hour.AddMinutes(utc.Minute + 1)),
            LimitWindow.Hour => new(Format(utc, "yyyy-MM-dd'T'HH"), hour.AddHours(1)),
            LimitWindow.Day => new(Format(utc, "yyyy-MM-dd"), day.AddDays(1)),
            LimitWindow.Week => new(WeekOf(monday), new DateTimeOffset(monday, TimeSpan.Zero).AddDays(7)),
            LimitWindow.Month => new(Format(utc, "yyyy-MM"), month.AddMonths(1)),
            LimitWindow.Lifetime => new("lifetime", null),
            LimitWindow.None => new("now", null),
            LimitWindow.Rolling30Days => Period(utc),
        };
    }

    /// <summary>
    /// Tells whether two ids name windows of one kind in one zone: equally long dates, and the zone is equal.
    /// </summary>
    private static bool AreAlike(string one, string other)
    {
        var (date, zone) = Parts(one);
        var (otherDate, otherZone) = Parts(other);
        return date.Length == otherDate.Length && IsDate(date) == IsDate(otherDate) && zone == otherZone;
    }

    private static (string Date, string Zone) Parts(string id) =>
        id.IndexOf(ZoneMark, StringComparison.Ordinal) is >= 0 and var mark ? (id[..mark], id[(mark + 1)..]) : (id, "");

    /// <summary>A window, and a moment in it: from that on it is the current one until it ends.</summary>
    private sealed record Known(DateTimeOffset Seen, WindowSpan Span);

    private static string Format(DateTimeOffset time, string format) => time.ToString(format, CultureInfo.InvariantCulture);
}
