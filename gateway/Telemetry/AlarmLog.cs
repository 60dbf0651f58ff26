using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.Telemetry;

internal static partial class AlarmLog
{
    [LoggerMessage(2201, LogLevel.Warning, "Alarm {Alarm} has lasted {Minutes} min: {Detail} {Remedy}")]
    public static partial void On(ILogger logger, string alarm, long minutes, string detail, string remedy);

    [LoggerMessage(2202, LogLevel.Information, "The alarm {Alarm} is over after {Minutes} min")]
    public static partial void Over(ILogger logger, string alarm, long minutes);

    [LoggerMessage(2203, LogLevel.Information, "The alarm {Alarm} cannot be seen to now: {Reason}")]
    public static partial void Unseen(ILogger logger, string alarm, string reason);

    [LoggerMessage(2204, LogLevel.Error, "The alarm {Alarm} is broken")]
    public static partial void Broken(ILogger logger, string alarm, Exception bug);
}
