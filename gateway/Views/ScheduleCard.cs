namespace Freeway.Gateway.Views;

/// <summary>A version that will count.</summary>
/// <param name="By">The id of the management key that asked for it.</param>
public sealed record ScheduleCard(int Version, DateTimeOffset At, string By);
