using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.ActivityLog;

internal static partial class ActivityLogMessages
{
    [LoggerMessage(2001, LogLevel.Warning, "The activity record of {Request} waits in the ledger: {Reason}")]
    public static partial void RecordWaits(ILogger logger, string request, string reason);

    [LoggerMessage(2002, LogLevel.Warning, "Recovered instance {Instance}: {Settled} open requests settled, {Left} orgs left for the next run")]
    public static partial void Recovered(ILogger logger, string instance, int settled, int left);

    [LoggerMessage(2016, LogLevel.Warning, "Instance {Instance} could not be recovered and is tried again by the next run: {Reason}")]
    public static partial void NotRecovered(ILogger logger, string instance, string reason);

    [LoggerMessage(2003, LogLevel.Warning, "{Records} activity records of org {Org} wait for storage: {Reason}")]
    public static partial void StoreUnavailable(ILogger logger, string org, int records, string reason);

    [LoggerMessage(2004, LogLevel.Error, "{Records} activity records of org {Org} go back to the queue: {Reason}")]
    public static partial void RecordsGoBack(ILogger logger, string org, int records, string reason);

    [LoggerMessage(2005, LogLevel.Error, "Message {Message} is put aside as {Reason}: {Description}")]
    public static partial void RecordRefused(ILogger logger, string message, string reason, string description);

    [LoggerMessage(2006, LogLevel.Information, "Message {Message} could not be settled and will come again: {Reason}")]
    public static partial void NotSettled(ILogger logger, string message, string reason);

    [LoggerMessage(2007, LogLevel.Information, "Closed {Days} days up to {Last} for {Orgs} orgs: {Rows} sums written, {Tidied} quotas tidied")]
    public static partial void DaysClosed(ILogger logger, int days, DateOnly last, int orgs, int rows, int tidied);

    [LoggerMessage(2008, LogLevel.Error, "{Failed} orgs could not be closed up to {Last}; the next run closes them")]
    public static partial void OrgsNotClosed(ILogger logger, int failed, DateOnly last);

    [LoggerMessage(2009, LogLevel.Warning, "Org {Org} could not be closed: {Reason}")]
    public static partial void OrgNotClosed(ILogger logger, string org, string reason);

    [LoggerMessage(2010, LogLevel.Warning, "Activity records have waited {Seconds} s for the queue; they are safe in the ledger")]
    public static partial void RecordsWait(ILogger logger, long seconds);

    [LoggerMessage(2011, LogLevel.Warning, "{Counts} counts of refusals of org {Org} wait for storage: {Reason}")]
    public static partial void RefusalsWait(ILogger logger, string org, int counts, string reason);

    [LoggerMessage(2014, LogLevel.Information, "Purged {Months} months of activity before {Kept}: {Records} records; {Failed} orgs are left for the next run; dry run: {DryRun}")]
    public static partial void Purged(ILogger logger, int months, DateOnly kept, long records, int failed, bool dryRun);

    [LoggerMessage(2015, LogLevel.Warning, "The activity of org {Org} could not be purged: {Reason}")]
    public static partial void NotPurged(ILogger logger, string org, string reason);

    [LoggerMessage(2013, LogLevel.Error, "{Step} could not be done after the days were closed: {Reason}")]
    public static partial void StepFailed(ILogger logger, string step, string reason);

    [LoggerMessage(2012, LogLevel.Warning, "{Refusals} refusals were told and not counted: too many different ones wait to be written")]
    public static partial void RefusalsUncounted(ILogger logger, long refusals);
}
