using System.Globalization;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Ledger;

/// <summary>
/// Holds the leases of a limit on requests at once: the moments at which they expire, in UTC to the millisecond. The
/// moment also names the lease in its request's <see cref="Hold.Window"/>; leases with one name can stand for each
/// other.
/// </summary>
/// <param name="Text">The moments with spaces between, as they are stored; a row holds about 1,300.</param>
public sealed record ConcurrencyLeases(string Text)
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
    private const int Width = 24;

    public static ConcurrencyLeases None { get; } = new("");

    public int Count => (Text.Length + 1) / (Width + 1);

    public static string Name(DateTimeOffset expires) =>
        expires.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>Tells whether the text in <see cref="Hold.Window"/> names a lease and not a window.</summary>
    public static bool IsName(string window) =>
        // A day of Europe/Berlin has a name as long as a lease's, and ends with its zone.
        window.Length is Width && window[^1] is 'Z' && !window.Contains(WindowSpan.ZoneMark, StringComparison.Ordinal);

    /// <summary>Tells whether a lease, which is named by the time at which it ends, has expired.</summary>
    public static bool IsOver(string name, DateTimeOffset now) => string.CompareOrdinal(name, Name(now)) <= 0;

    public bool Contains(string name) => IsName(name) && Text.Contains(name, StringComparison.Ordinal);

    public ConcurrencyLeases With(string name) => new(Count is 0 ? name : $"{Text} {name}");

    /// <summary>Takes one lease of this name out.</summary>
    public ConcurrencyLeases Without(string name)
    {
        var names = Names();
        names.Remove(name);
        return new(string.Join(' ', names));
    }

    /// <summary>Takes the leases out that have expired.</summary>
    public ConcurrencyLeases At(DateTimeOffset now)
    {
        var names = Names();
        return names.RemoveAll(name => IsOver(name, now)) is 0 ? this : new(string.Join(' ', names));
    }

    private List<string> Names() => Count is 0 ? [] : [.. Text.Split(' ')];
}
