using System.Globalization;
using System.Text.RegularExpressions;

namespace Freeway.Gateway.Upstreams;

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
