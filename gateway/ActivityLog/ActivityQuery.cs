using System.Globalization;
using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.ActivityLog;

/// <summary>Which records to read. All filters must match.</summary>
/// <param name="Limit">1 to 1000.</param>
/// <param name="After">From the page before, or null.</param>
/// <param name="From">The earliest time, inclusive.</param>
/// <param name="To">The latest time, exclusive.</param>
public sealed record ActivityQuery(int Limit = 100, ActivityCursor? After = null, DateTimeOffset? From = null, DateTimeOffset? To = null)
{
    public const int MaxLimit = 1000;

    public string? Model { get; init; }

    public string? Tier { get; init; }

    /// <summary>A key's id.</summary>
    public string? Key { get; init; }

    public int? Status { get; init; }

    /// <summary>Reads a query as callers write it.</summary>
    /// <param name="field">The value of <c>limit</c>, <c>cursor</c>, <c>from</c>, <c>to</c>, <c>model</c>, <c>tier</c>, <c>key</c> or <c>status</c>; null or empty where it is not given.</param>
    public static Decision<ActivityQuery> Read(Func<string, string?> field)
    {
        ArgumentNullException.ThrowIfNull(field);
        string? Value(string name) => field(name) is { Length: > 0 } value ? value : null;

        var query = new ActivityQuery { Model = Value("model"), Tier = Value("tier")?.ToLowerInvariant(), Key = Value("key") };
        if (Value("limit") is { } limit)
        {
            if (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > MaxLimit)
            {
                return Refuse.InvalidField("limit", $"'limit' must be a whole number from 1 to {MaxLimit}.");
            }

            query = query with { Limit = number };
        }

        if (Value("cursor") is { } cursor)
        {
            if (!ActivityCursor.TryParse(cursor, out var after))
            {
                return Refuse.InvalidField("cursor", "'cursor' is not one that this gateway gave out. Leave it out to start at the newest record.");
            }

            query = query with { After = after };
        }

        if (Value("status") is { } status)
        {
            if (!int.TryParse(status, NumberStyles.None, CultureInfo.InvariantCulture, out var code) || code is < 100 or > 599)
            {
                return Refuse.InvalidField("status", "'status' must be an HTTP status code.");
            }

            query = query with { Status = code };
        }

        return !TryReadTime(Value("from"), out var from) ? NoTime("from")
            : !TryReadTime(Value("to"), out var to) ? NoTime("to")
            : query with { From = from, To = to };
    }

    private static Refusal NoTime(string param) =>
        Refuse.InvalidField(param, $"'{param}' must be an ISO 8601 date or time, e.g. 2026-11-21 or 2026-11-21T08:15:00Z.");

    private static bool TryReadTime(string? text, out DateTimeOffset? time)
    {
        time = null;
        if (text is null)
        {
            return true;
        }

        // A plus sign that was not percent-encoded arrives as a space.
        var read = DateTimeOffset.TryParse(
            text.Replace(' ', '+'), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var value);
        time = read ? value : null;
        return read;
    }
}
