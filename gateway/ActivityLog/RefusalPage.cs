namespace Freeway.Gateway.ActivityLog;

/// <summary>A page of roll-ups and the cursor of the next one, null at the end.</summary>
public sealed record RefusalPage(IReadOnlyList<RefusalCount> Refusals, string? NextCursor);
