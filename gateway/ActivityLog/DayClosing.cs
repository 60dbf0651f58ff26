namespace Freeway.Gateway.ActivityLog;

/// <summary>What one run of the closer did.</summary>
/// <param name="Days">The days it closed or looked at again, old to new.</param>
/// <param name="Orgs">For how many orgs.</param>
/// <param name="FailedOrgs">For how many it could not; the next run does.</param>
/// <param name="Rows">How many rows of sums it wrote: none where nothing had changed.</param>
/// <param name="Tidied">How many stale quota entities it reset.</param>
public sealed record DayClosing(IReadOnlyList<DateOnly> Days, int Orgs, int FailedOrgs, int Rows, int Tidied);
