using System.Globalization;

namespace Freeway.Gateway.Core;

/// <summary>Makes ids that are unique everywhere and sort by time: 32 lower-case hex digits (UUID version 7).</summary>
public class IdSource(TimeProvider clock)
{
    /// <summary>
    /// Reads from an id the time at which it was made, to the millisecond; null for a text that is no id of this kind.
    /// </summary>
    public static DateTimeOffset? TimeOf(string id) =>
        Guid.TryParseExact(id, "N", out var guid) && guid.Version is 7
            ? DateTimeOffset.FromUnixTimeMilliseconds(Milliseconds(id))
            : null;

    /// <summary>Makes a new id.</summary>
    public virtual string Next() => Guid.CreateVersion7(clock.GetUtcNow()).ToString("N");

    /// <summary>The first 48 bits of a UUID version 7 are the milliseconds since 1970.</summary>
    private static long Milliseconds(string id) =>
        long.Parse(id.AsSpan(0, 12), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
