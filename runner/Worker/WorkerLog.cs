using Freeway.Runner.Hosting.Settings;
using Freeway.Runner.Worker.Protocol;
using Microsoft.Extensions.Logging;

namespace Freeway.Runner.Worker;

/// <summary>Writes what the worker's host has to say of it, and what the worker says through its host.</summary>
internal static partial class WorkerLog
{
    /// <summary>Passes on a line of the worker's own log, under the category that it has there.</summary>
    /// <param name="file">Says what is logged at all.</param>
    public static void Said(ILoggerFactory loggers, HostFile file, RpcLog line)
    {
        var (level, category) = ((LogLevel)line.Level, line.Category is { Length: > 0 } own ? own : "Worker");
        var logger = loggers.CreateLogger(category);
        if (file.Logs(category, level) && logger.IsEnabled(level))
        {
            var error = line.Exception is { } thrown ? $" {thrown.Type}: {thrown.Message}" : "";
            Line(logger, level, line.Message + error);
        }
    }

    [LoggerMessage(
        1, LogLevel.Warning,
        "The worker (process {Process}) ended with {Code} after {Lived}; it is started again in {Pause}. {Said}")]
    public static partial void Ended(
        ILogger logger, int process, int code, TimeSpan lived, TimeSpan pause, string said);

    [LoggerMessage(2, LogLevel.Error, "The worker did not start; it is started again in {Pause}.")]
    public static partial void NotStarted(ILogger logger, Exception exception, TimeSpan pause);

    [LoggerMessage(
        3, LogLevel.Error,
        "{Function} has run for {Limit}, the longest that host.json allows: the worker (process {Process}) is started "
        + "again, and all that it has under way is lost (invocation {Invocation}).")]
    public static partial void Overdue(ILogger logger, string function, TimeSpan limit, int process, string invocation);

    [LoggerMessage(4, LogLevel.Error, "{Function} failed: {Reason} (invocation {Invocation}).")]
    public static partial void Failed(ILogger logger, string function, string reason, string invocation);

    [LoggerMessage(5, LogLevel.Warning, "host.json: this host does not obey {Settings}.")]
    public static partial void NotObeyed(ILogger logger, string settings);

    [LoggerMessage(
        6, LogLevel.Warning,
        "{Function} is not served: its trigger {Trigger} is not one of HTTP, timer and Service Bus.")]
    public static partial void NotServed(ILogger logger, string function, string trigger);

    [LoggerMessage(7, LogLevel.Information, "The worker runs as process {Process}.")]
    public static partial void Runs(ILogger logger, int process);

    [LoggerMessage(EventId = 8, Message = "{Text}")]
    private static partial void Line(ILogger logger, LogLevel level, string text);
}
