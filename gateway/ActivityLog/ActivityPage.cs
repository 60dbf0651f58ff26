namespace Freeway.Gateway.ActivityLog;

/// <summary>A page of records and the cursor of the next one, null at the end.</summary>
public sealed record ActivityPage(IReadOnlyList<ActivityRecord> Records, string? NextCursor);
