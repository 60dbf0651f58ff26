using Microsoft.Extensions.Logging;

namespace Freeway.Runner.Hosting.Functions;

/// <summary>Writes the log messages of the host itself.</summary>
internal static partial class HostLog
{
    [LoggerMessage(1, LogLevel.Error, "{Function} failed (invocation {Invocation}).")]
    public static partial void FunctionFailed(ILogger logger, Exception exception, string function, string invocation);

    [LoggerMessage(2, LogLevel.Debug, "{Function}: the caller left (invocation {Invocation}).")]
    public static partial void CallerLeft(ILogger logger, string function, string invocation);

    [LoggerMessage(3, LogLevel.Information, "{Function} runs now, past due since {Due:O}.")]
    public static partial void TimerPastDue(ILogger logger, string function, DateTime due);

    [LoggerMessage(4, LogLevel.Information, "{Function}: the schedule changed, what it missed is dropped.")]
    public static partial void ScheduleChanged(ILogger logger, string function);

    [LoggerMessage(5, LogLevel.Warning, "{Function}: the timer's status cannot be kept.")]
    public static partial void TimerStatusLost(ILogger logger, Exception exception, string function);

    [LoggerMessage(6, LogLevel.Warning, "{Function}: the queue {Queue} is out of reach; trying on. {Reason}")]
    public static partial void QueueLost(ILogger logger, string function, string queue, string reason);

    [LoggerMessage(7, LogLevel.Information, "{Function}: the queue {Queue} is back.")]
    public static partial void QueueBack(ILogger logger, string function, string queue);

    [LoggerMessage(8, LogLevel.Warning, "{Function}: a message could not be settled and will come again. {Reason}")]
    public static partial void NotSettled(ILogger logger, string function, string reason);
}
