using System.Globalization;

namespace Freeway.Gateway.Core;

/// <summary>Nano-dollars as callers see them: decimal USD with at least two places, never floating point.</summary>
public static class Money
{
    public const long NanosPerDollar = 1_000_000_000;

    /// <summary>1,234,000,000 is "1.234"; 0 is "0.00".</summary>
    public static string Format(long nanos) => (nanos / (decimal)NanosPerDollar).ToString("0.00#######", CultureInfo.InvariantCulture);
}
