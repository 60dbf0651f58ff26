using Microsoft.Extensions.Logging;

namespace Freeway.Runner.Broker;

internal static partial class BrokerLog
{
    [LoggerMessage(1, LogLevel.Information, "The broker serves {Queues} on 127.0.0.1:{Port}.")]
    public static partial void Started(ILogger logger, string queues, int port);

    [LoggerMessage(2, LogLevel.Information, "The broker on port {Port} has stopped.")]
    public static partial void Stopped(ILogger logger, int port);

    [LoggerMessage(3, LogLevel.Warning, "The last {Bytes} bytes of {Path} are no whole record and were left out; a copy is beside it as .torn.")]
    public static partial void TornJournal(ILogger logger, string path, long bytes);

    [LoggerMessage(4, LogLevel.Information, "Rewrote {Path}: {Before} bytes became {After}.")]
    public static partial void JournalRewritten(ILogger logger, string path, long before, long after);

    [LoggerMessage(5, LogLevel.Critical, "{Path} cannot be written. The queue refuses messages from now on.")]
    public static partial void JournalFailed(ILogger logger, Exception exception, string path);

    [LoggerMessage(6, LogLevel.Warning, "A message for {Queue} was refused: {Reason}")]
    public static partial void MessageRefused(ILogger logger, string queue, string reason);

    [LoggerMessage(7, LogLevel.Debug, "A connection from {Remote} ended before it was open.")]
    public static partial void ConnectionFailed(ILogger logger, Exception exception, string remote);

    [LoggerMessage(8, LogLevel.Error, "The queue {Queue} failed to deliver.")]
    public static partial void DeliveryFailed(ILogger logger, Exception exception, string queue);
}
