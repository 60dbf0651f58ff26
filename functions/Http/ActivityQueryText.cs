using System.Globalization;
using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Refusals;
using Microsoft.AspNetCore.Http;

namespace Freeway.Functions.Http;

/// <summary>Reads an activity query from a URL.</summary>
internal static class ActivityQueryText
{
    private const int Most = 1000;
    private const int Default = 100;

    public static Decision<ActivityQuery> Parse(IQueryCollection query)
    {
        if (!TryNumber(query["limit"], Default, out var limit) || limit is < 1 or > Most)
        {
            return Refuse.InvalidField("limit", $"'limit' must be a whole number from 1 to {Most}.");
        }

        if (!TryTime(query["from"], out var from))
        {
            return Refuse.InvalidField("from", "'from' must be a time such as 2026-11-21T08:00:00Z or a day such as 2026-11-21.");
        }

        if (!TryTime(query["to"], out var to))
        {
            return Refuse.InvalidField("to", "'to' must be a time such as 2026-11-21T08:00:00Z or a day such as 2026-11-21.");
        }

        if (!TryNumber(query["status"], 0, out var status))
        {
            return Refuse.InvalidField("status", "'status' must be an HTTP status code, e.g. 200.");
        }

        var cursor = Text(query["cursor"]);
        if (cursor is not null && !ActivityCursor.TryParse(cursor, out _))
        {
            return Refuse.InvalidField("cursor", "'cursor' must be the next_cursor of an earlier answer.");
        }

        return new ActivityQuery(limit, cursor, from, to)
        {
            Model = Text(query["model"]),
            Tier = Text(query["tier"])?.ToLowerInvariant(),
            Key = Text(query["key"]),
            Status = status is 0 ? null : status,
        };
    }

    private static string? Text(string? value) => string.IsNullOrEmpty(value) ? null : value;

    private static bool TryNumber(string? value, int otherwise, out int number)
    {
        number = otherwise;
        return string.IsNullOrEmpty(value) || int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private static bool TryTime(string? value, out DateTimeOffset? time)
    {
        var known = DateTimeOffset.TryParse(
            value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var parsed);
        time = known ? parsed : null;
        return known || string.IsNullOrEmpty(value);
    }
}
