namespace Freeway.Gateway.Telemetry;

/// <summary>What an alarm is about.</summary>
/// <param name="Since">Since when; null for since it was first seen.</param>
/// <param name="Detail">How bad it is, for everybody to read: no org, no key, no text of a request.</param>
public sealed record AlarmSight(DateTimeOffset? Since, string Detail);
