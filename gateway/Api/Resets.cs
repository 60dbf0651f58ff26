using System.Globalization;
using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;

namespace Freeway.Gateway.Api;

/// <summary>Lists the days that were closed, newest first.</summary>
public sealed class ResetQueries(IResetLog log)
{
    internal const int Usual = 100;
    private const int Most = 1000;

    /// <param name="field">The value of <c>limit</c> or <c>cursor</c>; null or empty where it is not given.</param>
    /// <exception cref="IOException">The reset log is out of reach.</exception>
    public async Task<Result<Page<ResetResponse>>> ListAsync(
        Func<string, string?> field, CancellationToken cancellation)
    {
        var fields = new QueryFields(field);
        var (limit, before) = (fields.Number("limit", 1, Most) ?? Usual, fields.Day("cursor"));
        return fields.Refusal is { } wrong ? wrong : await PageAsync(limit, before, cancellation);
    }

    internal async Task<Page<ResetResponse>> PageAsync(int limit, DateOnly? before, CancellationToken cancellation)
    {
        var days = await log.ListAsync(limit + 1, before, cancellation);
        var next = days.Count > limit ? days[limit - 1].Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : null;
        return new Page<ResetResponse>([.. days.Take(limit).Select(ResetResponse.Of)], next);
    }
}

/// <summary>Closes the days that are due, when the operator says so.</summary>
public sealed class ResetCommands(ResetQueries resets, DayCloser closer, DocumentWriter writer)
{
    /// <summary>
    /// Runs the daily closing now, as the timer would, and answers with the days as they are then. A repeat closes
    /// nothing twice.
    /// </summary>
    /// <exception cref="IOException">The orgs, the reset log or the audit are out of reach.</exception>
    public async Task<Result<DocumentResult<Page<ResetResponse>>>> CloseDaysAsync(
        AdminCommand command, CancellationToken cancellation)
    {
        var noted = await writer.NoteAsync(
            command, "books.reset", new Subject(SubjectKind.Books, "resets"), null, null, cancellation);
        if (!noted.Accepted(out var written, out var refusal))
        {
            return refusal;
        }

        await closer.RunAsync(cancellation);
        return new DocumentResult<Page<ResetResponse>>(await resets.PageAsync(ResetQueries.Usual, null, cancellation), null) { IsReplay = written.IsReplay };
    }
}

/// <summary>Describes how a UTC day was closed.</summary>
/// <param name="ClosedAt">Null while an org is left.</param>
/// <param name="Runs">How many runs began for this day.</param>
/// <param name="OrgsClosed">By the last run to end.</param>
/// <param name="LateSeconds">From the day's end to the first run.</param>
public sealed record ResetResponse(
    DateOnly Day, DateTimeOffset? FirstRunAt, DateTimeOffset? LastRunAt, DateTimeOffset? ClosedAt, int Runs, int OrgsClosed, int OrgsFailed, int Corrections, long? LateSeconds)
{
    public static ResetResponse Of(ResetRecord reset) => new(
        reset.Day, reset.FirstRunAt, reset.LastRunAt, reset.ClosedAt, reset.Runs, reset.Orgs, reset.FailedOrgs, reset.Corrections, (long?)reset.Late?.TotalSeconds);
}
