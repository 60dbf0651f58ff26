using System.Globalization;
using Freeway.Gateway.Policies;
using Freeway.Gateway.Routing;

namespace Freeway.Gateway.Upstreams;

/// <summary>Reads an answer's rate-limit headers as its upstream writes them. What cannot be read is as if it were not there.</summary>
public static class RateLimitReader
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    /// <param name="header">A header's value by its name in lower case; null where it was not sent.</param>
    public static IReadOnlyList<RateLimitReading> Read(Upstream upstream, Func<string, string?> header, DateTimeOffset now)
    {
        var readings = new List<RateLimitReading>(upstream.RateLimitHeaders.Count);
        foreach (var named in upstream.RateLimitHeaders)
        {
            var (limit, remaining) = (Amount(named.Limit, named.Unit), Amount(named.Remaining, named.Unit));
            if (limit is not null || remaining is not null)
            {
                var resetsAt = Value(named.Reset) is { } reset && named.ResetForm is { } form ? Moment(reset, form, now) : null;
                readings.Add(new RateLimitReading(named.Unit, named.Window, limit, remaining, resetsAt));
            }
        }

        return readings;

        string? Value(string? name) => name is null ? null : header(name)?.Trim();

        // A remainder is rounded down: a part of a unit is not there to be used.
        long? Amount(string? name, LimitUnit unit) =>
            decimal.TryParse(Value(name), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
            && amount < long.MaxValue / unit.Scale() ? (long)Math.Floor(Math.Max(0, amount) * unit.Scale()) : null;
    }

    private static DateTimeOffset? Moment(string reset, ResetForm form, DateTimeOffset now)
    {
        if (form is ResetForm.GoDuration)
        {
            return GoDuration.Parse(reset) is { } time && time <= Longest ? now + time : null;
        }

        if (!decimal.TryParse(reset, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || number > 100_000_000_000_000)
        {
            return null;
        }

        var seconds = form is ResetForm.EpochMilliseconds ? number / 1000 : number;
        var after = form is ResetForm.Seconds ? seconds : seconds - (now.ToUnixTimeMilliseconds() / 1000m);
        return Math.Abs(after) <= (decimal)Longest.TotalSeconds ? now + TimeSpan.FromMilliseconds((double)Math.Floor(after * 1000)) : null;
    }
}
