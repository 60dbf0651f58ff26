using System.Globalization;

namespace Freeway.Gateway.Upstreams;

/// <summary>Reads <c>Retry-After</c>: seconds, or a date.</summary>
public static class RetryAfter
{
    /// <returns>From now on, at least 0 and at most <paramref name="longest"/>; null where nothing can be
    ///     read.</returns>
    public static TimeSpan? Read(string? value, DateTimeOffset now, TimeSpan longest)
    {
        value = value?.Trim();
        if (decimal.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds))
        {
            return seconds >= (decimal)longest.TotalSeconds ? longest : TimeSpan.FromMilliseconds((double)Math.Ceiling(seconds * 1000));
        }

        if (!DateTimeOffset.TryParseExact(value, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date))
        {
            return null;
        }

        var wait = date - now;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait > longest ? longest : wait;
    }
}
