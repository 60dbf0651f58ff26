using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.Routing.Allowances;

internal static partial class AllowanceLog
{
    [LoggerMessage(4001, LogLevel.Error, "Leasing of {Partition} failed")]
    public static partial void LeasingFailed(ILogger logger, string partition, Exception bug);

    [LoggerMessage(4002, LogLevel.Warning, "The allowance of {Partition} is out of reach: {Reason}")]
    public static partial void OutOfReach(ILogger logger, string partition, string reason);

    [LoggerMessage(4003, LogLevel.Debug, "A lease of {Partition} over {Rows} limits: {Verdict}")]
    public static partial void Leased(ILogger logger, string partition, int rows, Ledger.CommitVerdict verdict);
}
