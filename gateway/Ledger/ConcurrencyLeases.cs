using System.Globalization;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Ledger;

/// <summary>
/// The leases of a limit without a window: the moments at which they expire, in UTC to the millisecond. Such a moment
/// is also what names a lease in its request's <see cref="Hold.Window"/>; of several with one name, each is as good as
/// the other.
/// </summary>
/// <param name="Text">The moments with spaces between, as they are stored; a row holds about 1,300.</param>
public sealed record ConcurrencyLeases(string Text)
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
    private const int Width = 24;

    public static ConcurrencyLeases None { get; } = new("");

    public int Count => (Text.Length + 1) / (Width + 1);

    public static string Name(DateTimeOffset expires) => expires.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>True for the name of a lease, as against that of a window.</summary>
    public static bool IsName(string window) =>
        // A day of Europe/Berlin has a name as long as a lease's, and ends with its zone.
        window.Length is Width && window[^1] is 'Z' && !window.Contains(WindowSpan.ZoneMark, StringComparison.Ordinal);

    /// <summary>True where a lease of this name is over.</summary>
    public static bool IsOver(string name, DateTimeOffset now) => string.CompareOrdinal(name, Name(now)) <= 0;

    public bool Contains(string name) => IsName(name) && Text.Contains(name, StringComparison.Ordinal);

    public ConcurrencyLeases With(string name) => new(Count is 0 ? name : $"{Text} {name}");

    /// <summary>The same with one lease of this name less.</summary>
    public ConcurrencyLeases Without(string name)
    {
        var names = Names();
        names.Remove(name);
        return new(string.Join(' ', names));
    }

    /// <summary>Those that are not over.</summary>
    public ConcurrencyLeases At(DateTimeOffset now)
    {
        var names = Names();
        return names.RemoveAll(name => IsOver(name, now)) is 0 ? this : new(string.Join(' ', names));
    }

    private List<string> Names() => Count is 0 ? [] : [.. Text.Split(' ')];
}
