using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.ActivityLog;

internal static partial class ActivityLogMessages
{
    [LoggerMessage(2001, LogLevel.Warning, "The activity record of {Request} waits in the ledger: {Reason}")]
    public static partial void RecordWaits(ILogger logger, string request, string reason);

    [LoggerMessage(2002, LogLevel.Warning, "Recovered instance {Instance}: {Settled} open requests settled, {Left} orgs left for the next run")]
    public static partial void Recovered(ILogger logger, string instance, int settled, int left);
}
