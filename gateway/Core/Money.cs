using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Freeway.Gateway.Core;

/// <summary>
/// Formats nano-dollars as callers see them and reads what they write: decimal USD, never floating point.
/// </summary>
public static partial class Money
{
    /// <summary>Says what <see cref="Read"/> takes, to be put behind the name of the field.</summary>
    public const string Rule = "must be an amount of USD, nine digits before and after the point at most, "
        + "a number or a string, e.g. \"25.00\"";

    public const long NanosPerDollar = 1_000_000_000;

    /// <summary>Formats an amount: 1,234,000,000 is "1.234", 0 is "0.00".</summary>
    public static string Format(long nanos) =>
        nanos is 0 ? "0.00" : (nanos / (decimal)NanosPerDollar).ToString("0.00#######", CultureInfo.InvariantCulture);

    /// <summary>
    /// Reads an amount in JSON, a string or a number, by the digits as they are written: "1.234" is 1,234,000,000.
    /// </summary>
    /// <returns>In nano-dollars, at least 0; null where it is no amount.</returns>
    public static long? Read(JsonElement usd)
    {
        var text = usd.ValueKind switch
        {
            JsonValueKind.String => usd.GetString()!,
            JsonValueKind.Number => usd.GetRawText(),
            _ => "",
        };
        return Digits.IsMatch(text)
            ? (long)(decimal.Parse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) * NanosPerDollar)
            : null;
    }

    [GeneratedRegex(@"\A[0-9]{1,9}(\.[0-9]{1,9})?\z")]
    private static partial Regex Digits { get; }
}
