using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.Inference;

internal static partial class InferenceLog
{
    [LoggerMessage(
        3001, LogLevel.Warning, "Request {Request} was booked as aborted by recovery before it could be settled")]
    public static partial void TakenByRecovery(ILogger logger, string request);

    [LoggerMessage(3002, LogLevel.Warning, "The settlement of {Request} waits for the ledger's store")]
    public static partial void SettlementWaits(ILogger logger, string request);

    [LoggerMessage(3003, LogLevel.Warning, "Upstream {Upstream} failed request {Request}: {Reason}")]
    public static partial void UpstreamFailed(ILogger logger, string upstream, string request, string reason);

    [LoggerMessage(
        3005,
        LogLevel.Warning,
        "Org {Org} has the plan {Plan}, which the catalogue does not have: it is served by {Default}")]
    public static partial void PlanMissing(ILogger logger, string org, string plan, string @default);

    [LoggerMessage(3006, LogLevel.Error, "A request whose answer was complete could not be settled")]
    public static partial void SettlementFailed(ILogger logger, Exception bug);

    [LoggerMessage(
        3007, LogLevel.Warning, "The process ends before {Count} requests are settled: recovery settles them")]
    public static partial void LeftUnsettled(ILogger logger, int count);

    [LoggerMessage(
        3008, LogLevel.Warning, "The response cache is out of reach for {Request}, which is served without it: {Reason}")]
    public static partial void CacheUnavailable(ILogger logger, string request, string reason);

    [LoggerMessage(3009, LogLevel.Warning, "The record of {Request}, a hit of the response cache, is lost: {Reason}")]
    public static partial void HitNotRecorded(ILogger logger, string request, string reason);

    [LoggerMessage(3004, LogLevel.Error, "Request {Request} failed")]
    public static partial void RequestFailed(ILogger logger, string request, Exception bug);
}
