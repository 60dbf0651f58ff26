using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Freeway.Runner.Commands;

/// <summary>The log of a run: what somebody should look at, one line each, on standard error.</summary>
internal static class ConsoleLog
{
    public static void Add(ILoggingBuilder logging) => logging
        .SetMinimumLevel(LogLevel.Warning)
        .AddSimpleConsole(line =>
        {
            line.SingleLine = true;
            line.TimestampFormat = "HH:mm:ss ";
        })
        .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
        .AddFilter<ConsoleLoggerProvider>(null, LogLevel.Warning);
}
