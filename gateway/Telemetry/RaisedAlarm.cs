namespace Freeway.Gateway.Telemetry;

/// <summary>An alarm that is on.</summary>
/// <param name="Remedy">What a person is to do.</param>
public sealed record RaisedAlarm(string Name, DateTimeOffset Since, string Detail, string Remedy);
