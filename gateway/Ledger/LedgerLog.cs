using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.Ledger;

internal static partial class LedgerLog
{
    [LoggerMessage(1001, LogLevel.Error, "A ledger batch of org {Org} failed")]
    public static partial void BatchFailed(ILogger logger, string org, Exception bug);

    [LoggerMessage(1002, LogLevel.Warning, "The ledger of org {Org} cannot be read: {Reason}")]
    public static partial void ReadFailed(ILogger logger, string org, string reason);

    [LoggerMessage(
        1003,
        LogLevel.Debug,
        "A ledger transaction of org {Org} with {Operations} operations in {Rows} rows: {Verdict}")]
    public static partial void Committed(ILogger logger, string org, int operations, int rows, CommitVerdict verdict);

    [LoggerMessage(1004, LogLevel.Warning, "Instance {Instance} was taken for dead and goes on under a new id")]
    public static partial void TakenForDead(ILogger logger, string instance);

    [LoggerMessage(1005, LogLevel.Warning, "The heartbeat of instance {Instance} failed: {Reason}")]
    public static partial void HeartbeatFailed(ILogger logger, string instance, string reason);

    [LoggerMessage(1006, LogLevel.Warning, "The ledger did not drain in time: {Orgs} orgs have open work")]
    public static partial void NotDrained(ILogger logger, int orgs);

    [LoggerMessage(1007, LogLevel.Error, "One operation on the ledger of org {Org} failed; the others go on")]
    public static partial void OperationFailed(ILogger logger, string org, Exception bug);
}
