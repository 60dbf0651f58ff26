using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.Routing.Allowances;

internal static partial class AllowanceLog
{
    [LoggerMessage(1201, LogLevel.Error, "Leasing of {Partition} failed")]
    public static partial void LeasingFailed(ILogger logger, string partition, Exception bug);

    [LoggerMessage(1202, LogLevel.Warning, "The allowance of {Partition} is out of reach: {Reason}")]
    public static partial void OutOfReach(ILogger logger, string partition, string reason);

    [LoggerMessage(1203, LogLevel.Debug, "A lease of {Partition} over {Rows} limits: {Verdict}")]
    public static partial void Leased(ILogger logger, string partition, int rows, Ledger.CommitVerdict verdict);
}
