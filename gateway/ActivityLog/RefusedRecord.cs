namespace Freeway.Gateway.ActivityLog;

/// <summary>A record that the store will never take, however often it is delivered.</summary>
public sealed record RefusedRecord(ActivityRecord Record, string Reason);
