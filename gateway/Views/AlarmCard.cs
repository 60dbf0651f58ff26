using Freeway.Gateway.Telemetry;

namespace Freeway.Gateway.Views;

/// <summary>An alarm that is on.</summary>
/// <param name="Remedy">What to do.</param>
public sealed record AlarmCard(string Name, DateTimeOffset Since, string Detail, string Remedy)
{
    public static AlarmCard Of(RaisedAlarm alarm) => new(alarm.Name, alarm.Since, alarm.Detail, alarm.Remedy);
}
