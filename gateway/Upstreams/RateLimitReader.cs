using System.Globalization;
using System.Text.RegularExpressions;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Upstreams;

/// <summary>
/// Reads an answer's rate-limit headers as its upstream writes them. What cannot be read is as if it were not there.
/// </summary>
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

/// <summary>What an upstream's answer says of one of its limits, in our words.</summary>
/// <param name="Window">Null where the upstream does not say which of its limits it means: <paramref name="Limit"/>
///     tells it.</param>
/// <param name="Limit">The amount, in the unit as it is counted.</param>
/// <param name="Remaining">What is left, in the unit as it is counted; at least 0.</param>
/// <param name="ResetsAt">When it is whole again.</param>
public sealed record RateLimitReading(LimitUnit Unit, LimitWindow? Window, long? Limit, long? Remaining, DateTimeOffset? ResetsAt);

/// <summary>Reads durations as Go writes them: <c>2m59.56s</c>, <c>350ms</c>, <c>1h0m0s</c>.</summary>
internal static partial class GoDuration
{
    /// <summary>A hundred years, in milliseconds.</summary>
    private const decimal Most = 36_525m * 86_400_000;

    private static readonly Dictionary<string, decimal> Milliseconds = new(StringComparer.Ordinal)
    {
        ["h"] = 3_600_000,
        ["m"] = 60_000,
        ["s"] = 1000,
        ["ms"] = 1,
        ["us"] = 0.001m,
        ["µs"] = 0.001m,
        ["ns"] = 0.000_001m,
    };

    public static TimeSpan? Parse(string text)
    {
        if (text is "0")
        {
            return TimeSpan.Zero;
        }

        var matched = Whole.Match(text);
        if (!matched.Success)
        {
            return null;
        }

        var (numbers, units) = (matched.Groups["number"].Captures, matched.Groups["unit"].Captures);
        var sum = numbers.Zip(units, (number, unit) => decimal.Parse(number.Value, CultureInfo.InvariantCulture) * Milliseconds[unit.Value]).Sum();
        return sum <= Most ? TimeSpan.FromMilliseconds((double)Math.Ceiling(sum)) : null;
    }

    [GeneratedRegex(@"^(?:(?<number>[0-9]{1,12}(?:\.[0-9]{1,12})?)(?<unit>ms|us|µs|ns|h|m|s)){1,7}$")]
    private static partial Regex Whole { get; }
}
