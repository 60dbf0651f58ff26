using Freeway.Gateway.ActivityLog;

namespace Freeway.Gateway.Views;

/// <summary>How a UTC day was closed.</summary>
/// <param name="ClosedAt">Null while an org is left.</param>
/// <param name="Runs">How many runs began for this day.</param>
/// <param name="OrgsClosed">By the last run to end.</param>
/// <param name="LateSeconds">From the day's end to the first run.</param>
public sealed record ResetCard(
    DateOnly Day, DateTimeOffset? FirstRunAt, DateTimeOffset? LastRunAt, DateTimeOffset? ClosedAt, int Runs, int OrgsClosed, int OrgsFailed, int Corrections, long? LateSeconds)
{
    public static ResetCard Of(ResetRecord reset) => new(
        reset.Day, reset.FirstRunAt, reset.LastRunAt, reset.ClosedAt, reset.Runs, reset.Orgs, reset.FailedOrgs, reset.Corrections, (long?)reset.Late?.TotalSeconds);
}
