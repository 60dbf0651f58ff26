using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Audit;
using Freeway.Gateway.Keys;
using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Views;

/// <summary>Takes away what is older than it is kept, when the operator says so.</summary>
public sealed class PurgesView(ActivityPurger purger, Filing filing)
{
    /// <summary>The audit notes the order before anything goes, and afterwards what went. A repeated command only counts.</summary>
    /// <exception cref="IOException">The orgs or the audit are out of reach.</exception>
    public async Task<Decision<Revised<PurgeCard>>> RunAsync(Command command, CancellationToken cancellation)
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
            return new Revised<PurgeCard>(PurgeCard.Of(await purger.RunAsync(dryRun: true, cancellation)), null);
        }

        var subject = new Subject(SubjectKind.Books, "activity");
        if (!(await filing.NoteAsync(command, "books.purge", subject, null, null, cancellation)).Accepted(out var noted, out refusal))
        {
            return refusal;
        }

        var report = await purger.RunAsync(noted.IsReplay, cancellation);
        if (!noted.IsReplay)
        {
            await purger.NoteAsync(command, report, cancellation);
        }

        return new Revised<PurgeCard>(PurgeCard.Of(report), null) { IsReplay = noted.IsReplay };
    }
}
