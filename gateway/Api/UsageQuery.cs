using System.Globalization;
using Freeway.Gateway.Core;

namespace Freeway.Gateway.Api;

/// <summary>Selects the use to sum up, and what it is grouped by. All filters must match.</summary>
/// <param name="From">The first day, inclusive.</param>
/// <param name="To">The day after the last.</param>
/// <param name="Limit">1 to 1000.</param>
public sealed record UsageQuery(UsagePeriod By, DateOnly From, DateOnly To, int Limit = 100)
{
    /// <summary>The largest number of lines on one page.</summary>
    public const int MaxLimit = 1000;

    private const int UsualDays = 30;
    private const int UsualMonths = 12;
    private const int MostDays = 400;
    private const int MostMonths = 60;

    /// <summary>
    /// The longest time that usage of one end user covers: it is counted from records, which are many more than sums.
    /// </summary>
    private const int MostEndUserDays = 31;
    private const int MostEndUserMonths = 3;

    public bool GroupModel { get; init; }

    public bool GroupKey { get; init; }

    public bool GroupTier { get; init; }

    public string? Model { get; init; }

    public string? Key { get; init; }

    public string? Tier { get; init; }

    /// <summary>The id of an end user, or its hash; null for all use, whoever it was for.</summary>
    public string? EndUser { get; init; }

    public UsageCursor? After { get; init; }

    /// <summary>Gets whether the caller has set the limit; without one an answer in CSV goes on to the end.</summary>
    public bool IsLimited { get; init; }

    /// <summary>
    /// Refusals are counted by model, and neither by key, by tier nor by end user: where those divide the lines, nobody
    /// could say whose they are.
    /// </summary>
    public bool TellsRefusals => !GroupKey && !GroupTier && Key is null && Tier is null && EndUser is null;

    /// <summary>
    /// Reads a query as callers write it; without <c>from</c> the last 30 days or 12 months, the current one included.
    /// </summary>
    /// <param name="field">
    /// The value of <c>by</c>, <c>group</c>, <c>from</c>, <c>to</c>, <c>model</c>, <c>key</c>, <c>tier</c>,
    /// <c>end_user</c>, <c>limit</c> or <c>cursor</c>; null or empty where it is not given.
    /// </param>
    public static Result<UsageQuery> Read(Func<string, string?> field, DateOnly today)
    {
        var fields = new QueryFields(field);
        var by = fields.Word("by", WireNames.Of<UsagePeriod>()) ?? UsagePeriod.Day;
        var groups = fields.Words("group", ["model", "key", "tier"]);
        var to = fields.Day("to") ?? today.AddDays(1);
        var last = to > DateOnly.MinValue ? to.AddDays(-1) : to;
        var endUser = fields.Text("end_user");
        var (mostDays, mostMonths) = endUser is null ? (MostDays, MostMonths) : (MostEndUserDays, MostEndUserMonths);
        var usual = by is UsagePeriod.Day ? Back(last, days: UsualDays - 1) : Back(
            last.AddDays(1 - last.Day), months: Math.Min(UsualMonths, mostMonths) - 1);
        var from = fields.Day("from") ?? usual;
        var longest = by is UsagePeriod.Day ? Back(to, days: mostDays) : Back(to, months: mostMonths);
        if (from < longest)
        {
            var (most, instead) = by is UsagePeriod.Day
                ? ($"{mostDays} days", ", or by=month")
                : ($"{mostMonths} months", "");
            var whose = endUser is null ? "" : " for one end user";
            fields.Wrong("from", $"'from' may be at most {most} before 'to'{whose}. Ask for less at once{instead}.");
        }

        var limit = fields.Number("limit", 1, MaxLimit);
        var query = new UsageQuery(by, from, to, limit ?? 100)
        {
            GroupModel = groups.Contains("model"),
            GroupKey = groups.Contains("key"),
            GroupTier = groups.Contains("tier"),
            Model = fields.Text("model"),
            Key = fields.Text("key"),
            Tier = fields.Text("tier")?.ToLowerInvariant(),
            EndUser = endUser,
            IsLimited = limit is not null,
        };
        if (fields.Text("cursor") is { } cursor)
        {
            query = query with { After = UsageCursor.TryParse(cursor, out var after) ? after : fields.NoCursor<UsageCursor>() };
        }

        return fields.Refusal is { } refusal ? refusal : query;
    }

    private static DateOnly Back(DateOnly day, int days = 0, int months = 0) =>
        day.DayNumber < days + (31 * months) ? DateOnly.MinValue : day.AddMonths(-months).AddDays(-days);
}

/// <summary>A place among lines of usage: just after this one. Opaque to callers.</summary>
/// <param name="Period">The first day of the line's period.</param>
/// <param name="Place">Where the line stands among those of its period, see <see cref="UsageGroup.Place"/>.</param>
public readonly record struct UsageCursor(DateOnly Period, string Place)
{
    private const string Day = "yyyy-MM-dd";

    /// <returns>False where the text is no cursor of ours.</returns>
    public static bool TryParse(string text, out UsageCursor cursor)
    {
        cursor = default;
        if (!OpaqueCursor.TryRead(text, out var day, out var place) || !DateOnly.TryParseExact(
            day, Day, CultureInfo.InvariantCulture, DateTimeStyles.None, out var period))
        {
            return false;
        }

        cursor = new(period, place);
        return true;
    }

    public override string ToString() =>
        OpaqueCursor.Write(Period.ToString(Day, CultureInfo.InvariantCulture), Place);
}

/// <summary>Names the length of time that each line of usage sums up.</summary>
public enum UsagePeriod
{
    Day,
    Month,
}
