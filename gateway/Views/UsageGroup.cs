using System.Globalization;
using Freeway.Gateway.ActivityLog;

namespace Freeway.Gateway.Views;

/// <summary>What one line of usage sums up.</summary>
/// <param name="Start">The first day of its period.</param>
internal readonly record struct UsageGroup(DateOnly Start, string? Model, string? Key, string? Tier)
{
    /// <summary>The order of the lines of one period.</summary>
    public string Place => string.Join('\n', Model, Key, Tier);

    public static UsageGroup Of(DailyUsage sum, UsageQuery query) => new(
        StartOf(sum.Day, query), query.GroupModel ? sum.Model : null, query.GroupKey ? sum.Key : null, query.GroupTier ? sum.Tier : null);

    public static UsageGroup Of(RefusalKey refusal, UsageQuery query) => new(
        StartOf(DateOnly.FromDateTime(refusal.Minute.UtcDateTime), query), query.GroupModel ? refusal.Model : null, null, null);

    public UsageLine Line(IReadOnlyCollection<DailyUsage> sums, RefusedUsage? refused, UsagePeriod by)
    {
        var card = UsageCard.Of(sums);
        return new UsageLine(
            Start.ToString(by is UsagePeriod.Day ? "yyyy-MM-dd" : "yyyy-MM", CultureInfo.InvariantCulture),
            Model, Key, Tier, card.Requests, card.Free, card.Gifted, card.Paid, refused);
    }

    private static DateOnly StartOf(DateOnly day, UsageQuery query) => query.By is UsagePeriod.Day ? day : day.AddDays(1 - day.Day);
}
