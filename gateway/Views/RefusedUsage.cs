namespace Freeway.Gateway.Views;

/// <summary>What was refused beside what was served.</summary>
/// <param name="Reasons">Most frequent first.</param>
public sealed record RefusedUsage(long Count, IReadOnlyList<RefusalReason> Reasons);
