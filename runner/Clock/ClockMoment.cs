using System.Globalization;

namespace Freeway.Runner.Clock;

/// <summary>Reads and writes the moments that a <see cref="ManualClock"/> may be set to.</summary>
internal static class ClockMoment
{
    /// <summary>An example of how a moment is written, for messages that ask for one.</summary>
    public const string Example = "2026-03-31T23:58:00Z";

    /// <summary>The first moment that the clock may show.</summary>
    public static readonly DateTimeOffset First = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The last moment that the clock may show.</summary>
    public static readonly DateTimeOffset Last = new(2099, 12, 31, 0, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// The forms in which a moment is read, each with a zone, as without one it would depend on the machine.
    /// </summary>
    private static readonly string[] Forms =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm'Z'",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", "yyyy-MM-dd'T'HH:mmzzz",
    ];

    /// <summary>Reads a moment in ISO 8601 with its zone, within <see cref="First"/> and <see cref="Last"/>.</summary>
    public static bool TryRead(string text, out DateTimeOffset moment) =>
        DateTimeOffset.TryParseExact(
            text, Forms, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out moment)
        && moment >= First && moment <= Last;

    /// <summary>Writes a moment in ISO 8601, in UTC, with as much of a second as it has.</summary>
    public static string Write(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
}
