namespace Freeway.Gateway.ActivityLog;

/// <summary>How often an org was refused in one minute, for one reason.</summary>
/// <param name="Count">Of all instances together where it was read, of one where it is written.</param>
public sealed record RefusalCount(RefusalKey Key, long Count);
