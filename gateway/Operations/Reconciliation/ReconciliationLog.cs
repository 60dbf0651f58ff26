using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.Operations.Reconciliation;

internal static partial class ReconciliationLog
{
    [LoggerMessage(2101, LogLevel.Error, "The books of {Orgs} orgs differ from the records in {Drift} figures, {Repaired} of them repaired; GET /api/v1/admin/reconciliations tells which")]
    public static partial void Drift(ILogger logger, int drift, int orgs, int repaired);

    [LoggerMessage(2102, LogLevel.Information, "The books of {Orgs} orgs agree with the records; {InFlight} figures wait for records, {Busy} moved, {Unchecked} were not checked")]
    public static partial void NoDrift(ILogger logger, int orgs, int inFlight, int busy, int @unchecked);

    [LoggerMessage(2103, LogLevel.Warning, "The books of org {Org} could not be compared: {Reason}")]
    public static partial void OrgFailed(ILogger logger, string org, string reason);

    [LoggerMessage(2104, LogLevel.Warning, "What is in the queue is not known, so no counter that is too high is taken for drift: {Reason}")]
    public static partial void QueueUnknown(ILogger logger, string reason);
}
