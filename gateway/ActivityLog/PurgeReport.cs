namespace Freeway.Gateway.ActivityLog;

/// <summary>What a purge took, or would take.</summary>
/// <param name="KeptFrom">The first day whose records stay.</param>
/// <param name="Orgs">That were looked at.</param>
/// <param name="Failed">That could not be; the next run does.</param>
/// <param name="Months">How many months of orgs.</param>
public sealed record PurgeReport(DateOnly KeptFrom, bool DryRun, int Orgs, int Failed, int Months, PurgedRows Rows);
