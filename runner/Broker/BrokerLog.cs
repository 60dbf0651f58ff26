using Microsoft.Extensions.Logging;

namespace Freeway.Runner.Broker;

/// <summary>Writes the log messages of the broker as a whole; the numbers of events are the broker's together.</summary>
internal static partial class BrokerLog
{
    [LoggerMessage(1, LogLevel.Information, "The broker serves {Queues} on 127.0.0.1:{Port}.")]
    public static partial void Started(ILogger logger, string queues, int port);

    [LoggerMessage(2, LogLevel.Information, "The broker on port {Port} has stopped.")]
    public static partial void Stopped(ILogger logger, int port);
}
