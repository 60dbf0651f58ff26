using System.Globalization;

namespace Freeway.Gateway.Upstreams;

/// <summary>Reads <c>Retry-After</c>: seconds, or a date.</summary>
public static class RetryAfter
{
    /// <returns>
    /// The time from now on, at least 0 and at most <paramref name="longest"/>; null where there is none.
    /// </returns>
    public static TimeSpan? Read(string? value, DateTimeOffset now, TimeSpan longest)
    {
        value = value?.Trim();
        if (decimal.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds))
        {
            return seconds < (decimal)longest.TotalSeconds
                ? TimeSpan.FromMilliseconds((double)Math.Ceiling(seconds * 1000))
                : longest;
        }

        var culture = CultureInfo.InvariantCulture;
        if (!DateTimeOffset.TryParseExact(value, "r", culture, DateTimeStyles.AssumeUniversal, out var date))
        {
            return null;
        }

        var wait = date - now;
        return TimeSpan.FromTicks(Math.Clamp(wait.Ticks, 0, longest.Ticks));
    }
}
