namespace Freeway.Gateway.ActivityLog;

/// <summary>The closer's two sorts of time: a virtual calendar must not hold up a wait for storage.</summary>
/// <param name="Calendar">Says which day it is.</param>
/// <param name="Waits">Measures pauses.</param>
public sealed record DayClock(TimeProvider Calendar, TimeProvider Waits);
