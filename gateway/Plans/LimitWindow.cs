using System.Globalization;
using Freeway.Gateway.Core;

namespace Freeway.Gateway.Plans;

/// <summary>How long a limit's amount lasts. All windows are of UTC.</summary>
public enum LimitWindow
{
    Minute,
    Hour,
    Day,
    Month,

    /// <summary>30 days from the first use, then 30 days from the first use after that.</summary>
    [WireName("rolling_30_days", "rolling-30-days", "rolling30_days")]
    Rolling30Days,
    Lifetime,

    /// <summary>No window: what is taken is a lease, which ends with its request or expires.</summary>
    None,
}

/// <summary>One window of a limit: a pure function of the clock and, where windows begin at first use, of the last one.</summary>
/// <param name="Id">Sorts by time: <c>2026-11-21</c>, <c>2026-11-21T08:15</c>, <c>2026-11</c>; <c>lifetime</c> never passes.</param>
/// <param name="ResetsAt">When the next window begins; null for a lifetime.</param>
public readonly record struct WindowSpan(string Id, DateTimeOffset? ResetsAt)
{
    private static readonly TimeSpan ThirtyDays = TimeSpan.FromDays(30);

    /// <summary>The window in which a request at <paramref name="now"/> counts.</summary>
    /// <param name="last">The window last seen in storage: a clock that lags behind it never turns it back.</param>
    public static WindowSpan At(LimitWindow window, DateTimeOffset now, WindowSpan? last = null)
    {
        var current = window is LimitWindow.Rolling30Days
            ? last is { ResetsAt: { } end } && now < end ? last.Value : Rolling(now)
            : Fixed(window, now.ToUniversalTime());
        // Ids of one kind of window have one length: another length is a limit whose plan has changed its window.
        return last is { Id: { } id } && id.Length == current.Id.Length && string.CompareOrdinal(id, current.Id) > 0 ? last.Value : current;
    }

    private static WindowSpan Rolling(DateTimeOffset now) => new(Format(now.ToUniversalTime(), "yyyy-MM-dd'T'HH:mm:ss"), now + ThirtyDays);

    private static WindowSpan Fixed(LimitWindow window, DateTimeOffset utc)
    {
        var day = new DateTimeOffset(utc.Year, utc.Month, utc.Day, 0, 0, 0, TimeSpan.Zero);
        var hour = day.AddHours(utc.Hour);
        var month = day.AddDays(1 - utc.Day);
        return window switch
        {
            LimitWindow.Minute => new(Format(utc, "yyyy-MM-dd'T'HH:mm"), hour.AddMinutes(utc.Minute + 1)),
            LimitWindow.Hour => new(Format(utc, "yyyy-MM-dd'T'HH"), hour.AddHours(1)),
            LimitWindow.Day => new(Format(utc, "yyyy-MM-dd"), day.AddDays(1)),
            LimitWindow.Month => new(Format(utc, "yyyy-MM"), month.AddMonths(1)),
            LimitWindow.Lifetime => new("lifetime", null),
            LimitWindow.None => new("now", null),
            LimitWindow.Rolling30Days => Rolling(utc),
        };
    }

    private static string Format(DateTimeOffset time, string format) => time.ToString(format, CultureInfo.InvariantCulture);
}
