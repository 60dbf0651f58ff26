namespace Freeway.Gateway.Reconciliation;

/// <summary>What was found for one org.</summary>
/// <param name="Differences">Those that are drift and those that may be made good.</param>
/// <param name="Checked">How many rows were compared.</param>
/// <param name="Busy">How many were not, because they moved while they were looked at.</param>
/// <param name="Unchecked">How many were not, because what they are counted from was not looked through or is gone.</param>
public sealed record OrgReport(string Org, IReadOnlyList<Difference> Differences, int Checked, int Busy, int Unchecked);
