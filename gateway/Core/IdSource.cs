using System.Globalization;

namespace Freeway.Gateway.Core;

/// <summary>Makes ids that are unique everywhere and sort by time: 32 lower-case hex digits (UUID version 7).</summary>
public class IdSource(TimeProvider clock)
{
    /// <summary>When an id was made, to the millisecond; null where it is none of these ids.</summary>
    public static DateTimeOffset? TimeOf(string id) =>
        Guid.TryParseExact(id, "N", out var guid) && guid.Version is 7
            ? DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(id.AsSpan(0, 12), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture))
            : null;

    public virtual string Next() => Guid.CreateVersion7(clock.GetUtcNow()).ToString("N");
}
