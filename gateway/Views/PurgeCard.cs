using System.Text.Json.Serialization;
using Freeway.Gateway.ActivityLog;

namespace Freeway.Gateway.Views;

/// <summary>What a purge took, or would take.</summary>
/// <param name="KeptFrom">The first day whose records stay.</param>
/// <param name="OrgsFailed">Those that are left for the next run.</param>
/// <param name="Months">Months of orgs.</param>
/// <param name="Sums">Running sums; those of closed days stay for ever.</param>
public sealed record PurgeCard(bool DryRun, DateOnly KeptFrom, int Orgs, int OrgsFailed, int Months, long Records, long Refusals, long Sums)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "purge";

    public static PurgeCard Of(PurgeReport report) =>
        new(report.DryRun, report.KeptFrom, report.Orgs, report.Failed, report.Months, report.Rows.Records, report.Rows.Refusals, report.Rows.Sums);
}
