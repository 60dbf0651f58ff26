using System.Text.Json.Serialization;
using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;

namespace Freeway.Gateway.Api;

/// <summary>Deletes the activity that is older than it is kept, when the operator says so.</summary>
public sealed class PurgeCommands(ActivityPurger purger, DocumentWriter writer)
{
    /// <summary>
    /// Notes the command in the audit before anything is deleted, and afterwards what was. A dry run, and a repeated
    /// command, only count.
    /// </summary>
    /// <exception cref="IOException">The orgs or the audit are out of reach.</exception>
    public async Task<Result<DocumentResult<PurgeResponse>>> PurgeAsync(
        AdminCommand command, CancellationToken cancellation)
    {
        if (!FieldReader.Open(command.Body).Accepted(out var fields, out var refusal))
        {
            return refusal;
        }

        var dryRun = fields.Flag("dry_run") ?? false;
        fields.Close();
        if (fields.Errors is { Count: > 0 } errors)
        {
            return Refuse.InvalidFields(errors);
        }

        if (dryRun)
        {
            return new DocumentResult<PurgeResponse>(
                PurgeResponse.Of(await purger.RunAsync(dryRun: true, cancellation)), null);
        }

        var subject = new Subject(SubjectKind.Books, "activity");
        if (!(await writer.NoteAsync(command, "books.purge", subject, null, null, cancellation)).Accepted(
            out var noted, out refusal))
        {
            return refusal;
        }

        var report = await purger.RunAsync(noted.IsReplay, cancellation);
        if (!noted.IsReplay)
        {
            await purger.NoteAsync(command, report, cancellation);
        }

        return new DocumentResult<PurgeResponse>(PurgeResponse.Of(report), null) { IsReplay = noted.IsReplay };
    }
}

/// <summary>Counts what a purge deleted, or would delete.</summary>
/// <param name="KeptFrom">The first day whose records stay.</param>
/// <param name="OrgsFailed">Those that are left for the next run.</param>
/// <param name="Months">Months of orgs.</param>
/// <param name="Sums">Running sums; those of closed days stay for ever.</param>
public sealed record PurgeResponse(
    bool DryRun, DateOnly KeptFrom, int Orgs, int OrgsFailed, int Months, long Records, long Refusals, long Sums)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "purge";

    public static PurgeResponse Of(PurgeReport report) =>
        new(
            report.DryRun, report.KeptFrom, report.Orgs, report.Failed, report.Months, report.Rows.Records,
            report.Rows.Refusals, report.Rows.Sums);
}
