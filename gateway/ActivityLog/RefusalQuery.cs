using System.Security.Cryptography;
using System.Text;
using Freeway.Gateway.Core;

namespace Freeway.Gateway.ActivityLog;

/// <summary>Selects the refusals to read. All filters must match.</summary>
/// <param name="Limit">1 to 1000.</param>
/// <param name="After">From the page before, or null.</param>
/// <param name="From">The earliest minute, inclusive: a time within a minute means the next one.</param>
/// <param name="To">The latest minute, exclusive.</param>
public sealed record RefusalQuery(int Limit = 100, RefusalCursor? After = null, DateTimeOffset? From = null, DateTimeOffset? To = null)
{
    public const int MaxLimit = 1000;

    public string? Model { get; init; }

    /// <summary>
    /// Gets the error code of the refusals to read, as callers see it, e.g. <c>free_quota_exceeded</c>; null for all.
    /// </summary>
    public string? Code { get; init; }

    /// <summary>Gets whether the caller has set the limit; without one an answer in CSV goes on to the end.</summary>
    public bool IsLimited { get; init; }

    /// <summary>Reads a query as callers write it.</summary>
    /// <param name="field">
    /// The value of <c>limit</c>, <c>cursor</c>, <c>from</c>, <c>to</c>, <c>model</c> or <c>code</c>; null or empty
    /// where it is not given.
    /// </param>
    public static Result<RefusalQuery> Read(Func<string, string?> field)
    {
        var fields = new QueryFields(field);
        var limit = fields.Number("limit", 1, MaxLimit);
        var query = new RefusalQuery(limit ?? 100, null, fields.Time("from"), fields.Time("to"))
        {
            Model = fields.Text("model"),
            Code = fields.Word("code", WireNames.Of<RefusalCode>())?.WireName(),
            IsLimited = limit is not null,
        };
        if (fields.Text("cursor") is { } cursor)
        {
            query = query with { After = RefusalCursor.TryParse(cursor, out var after) ? after : fields.NoCursor<RefusalCursor>() };
        }

        return fields.Refusal is { } refusal ? refusal : query;
    }
}

/// <summary>
/// A place among an org's refusals: just after this one, on the way from new to old. Opaque to callers.
/// </summary>
/// <param name="Reason">Names the model, the variant, the code and the limit, see <see cref="ReasonOf"/>.</param>
public readonly record struct RefusalCursor(DateTimeOffset Minute, string Reason)
{
    private const int ReasonLength = 16;

    public static RefusalCursor After(RefusalKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new(key.Minute, ReasonOf(key));
    }

    /// <summary>
    /// A short name of everything in a key but its org and minute; refusals of one minute are in its order.
    /// </summary>
    public static string ReasonOf(RefusalKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var text = string.Join('\n', key.Code, key.Limit, key.Model, key.Variant);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..ReasonLength];
    }

    /// <returns>False where the text is no cursor of ours.</returns>
    public static bool TryParse(string text, out RefusalCursor cursor)
    {
        var isOurs = OpaqueCursor.TryRead(text, ReasonLength, out var minute, out var reason)
            && reason.Length is ReasonLength
            && reason.All(char.IsAsciiHexDigitLower);
        cursor = isOurs ? new(minute, reason) : default;
        return isOurs;
    }

    public override string ToString() => OpaqueCursor.Write(Minute, Reason);
}
