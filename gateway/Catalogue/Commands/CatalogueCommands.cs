using System.Text.Json;
using Freeway.Gateway.Catalogue.Changes;
using Freeway.Gateway.Catalogue.Versions;
using Freeway.Gateway.Keys;
using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Catalogue.Commands;

/// <summary>
/// Carries out what operators order: checks it whole, reports what it changes, and where it is no dry run stores it as a version
/// and lets it count, now or at a time. Outage stance: it throws; a command sent again under its <c>Idempotency-Key</c> is made once.
/// </summary>
public sealed class CatalogueCommands(
    CatalogueRegister register, CatalogueContents contents, CatalogueLoader loader, CatalogueReports reports, CurrentCatalogue current, FileCatalogue file, TimeProvider clock)
{
    private const int MostErrors = 100;

    /// <summary>In characters; of a longer answer a repeat is told the counts only.</summary>
    private const int LongestAnswer = 100_000;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    /// <summary>Opens the presets that come with the program.</summary>
    internal System.Text.Json.Nodes.JsonObject? Shipped(string name) =>
        file.Shipped(name) is { } preset ? CatalogueBundle.Gather(preset, _ => null).Catalogue : null;

    /// <summary>A version by its number with its content.</summary>
    internal async Task<Decision<(CatalogueBundle, CatalogueVersion?)>> FindAsync(CatalogueHead head, int number, CancellationToken cancellation) =>
        await register.FindAsync(head, number, cancellation) is { } version
            ? (await contents.ReadAsync(version, cancellation), (CatalogueVersion?)version)
            : Refuse.InvalidField("version", $"There is no version {number}. GET /api/v1/admin/catalogue/versions lists them.");

    internal async Task<Decision<Revised<CatalogueReport>>> RunAsync(Command command, CatalogueOrder order, CatalogueQuery query, CancellationToken cancellation) =>
        query.DryRun
            ? await LookAsync(order, query, cancellation)
            : await ChangeAsync(command, order, query, cancellation);

    /// <summary>Prepares a content to be tried; nothing is stored.</summary>
    internal async Task<Decision<CatalogueTrial>> TryAsync(CatalogueOrder order, CancellationToken cancellation)
    {
        if (await register.ReadAsync(cancellation) is not { } filed)
        {
            return Refuse.CatalogueUnavailable(RetryAfter);
        }

        var head = filed.Head.At(clock.GetUtcNow());
        if (!(await PrepareAsync(head, order, cancellation)).Accepted(out var prepared, out var refusal))
        {
            return refusal;
        }

        return loader.Load(prepared.Before, out var errors) is { } active
            ? new CatalogueTrial(active, head.Active.Number, prepared.Snapshot, prepared.Version?.Number)
            : Refuse.InvalidFields([.. errors.Take(MostErrors)]);
    }

    /// <summary>Takes back what is scheduled.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    public async Task<Decision<Done>> CancelAsync(Command command, CancellationToken cancellation)
    {
        var decision = await register.ChangeAsync(
            command, "catalogue.cancel",
            head => Task.FromResult<Decision<HeadDraft>?>(head switch
            {
                null => Refuse.CatalogueUnavailable(RetryAfter),
                { Scheduled: null } => Refuse.NotFound("activation scheduled"),
                _ => Draft(head, head with { Scheduled = null }),
            }), cancellation);
        if (!decision.Accepted(out var filed, out var refusal))
        {
            return refusal;
        }

        await FollowAsync(cancellation);
        return new Done(filed.IsReplay);
    }

    private async Task<Decision<Revised<CatalogueReport>>> LookAsync(CatalogueOrder order, CatalogueQuery query, CancellationToken cancellation)
    {
        if (await register.ReadAsync(cancellation) is not { } filed)
        {
            return Refuse.CatalogueUnavailable(RetryAfter);
        }

        var head = filed.Head.At(clock.GetUtcNow());
        if (!(await PrepareAsync(head, order, cancellation)).Accepted(out var prepared, out var refusal))
        {
            return refusal;
        }

        var report = Report(head, prepared, prepared.Version, order, query) with { DryRun = true };
        return new Revised<CatalogueReport>(
            loader.Load(prepared.Before, out _) is { } before
                ? await reports.WithOrgsAsync(report, before, prepared.Snapshot, cancellation)
                : report with { Warnings = [.. report.Warnings, "The active version cannot be used with the settings of this process, so organisations were not compared."] },
            filed.Revision);
    }

    private async Task<Decision<Revised<CatalogueReport>>> ChangeAsync(Command command, CatalogueOrder order, CatalogueQuery query, CancellationToken cancellation)
    {
        CatalogueReport? report = null;
        var decision = await register.ChangeAsync(command, order.Action, Prepare, cancellation);
        if (!decision.Accepted(out var filed, out var refusal))
        {
            return refusal;
        }

        await FollowAsync(cancellation);
        var told = filed is { IsReplay: true, Answer: { } answer } ? JsonSerializer.Deserialize(answer, VersionsJson.Default.CatalogueReport) : report;
        return told is null ? Refuse.IdempotencyKeyReused() : new Revised<CatalogueReport>(told, filed.Revision) { IsReplay = filed.IsReplay };

        async Task<Decision<HeadDraft>?> Prepare(CatalogueHead? head)
        {
            if (head is null)
            {
                return Refuse.CatalogueUnavailable(RetryAfter);
            }

            if (!(await PrepareAsync(head, order, cancellation)).Accepted(out var prepared, out var refused))
            {
                return refused;
            }

            var version = prepared.Version ?? await register.VersionOfAsync(
                head, prepared.After, command.By.Id, CatalogueSource.Api, order.Comment, cancellation);
            var next = Next(head, version, order, query, command.By.Id);
            report = Report(head, prepared, version, order, query) with { Active = next.Active.Number };
            return next == head ? null : (Decision<HeadDraft>?)Draft(head, next, order, prepared, Told(report));
        }
    }

    private async Task<Decision<PreparedCatalogue>> PrepareAsync(CatalogueHead head, CatalogueOrder order, CancellationToken cancellation)
    {
        var before = await contents.ReadAsync(head.Active, cancellation);
        if (!(await order.Content(head, before, cancellation)).Accepted(out var made, out var refusal))
        {
            return refusal;
        }

        return loader.Load(made.Content, out var errors) is { } snapshot
            ? new PreparedCatalogue(before, made.Content, snapshot, made.Version)
            : Refuse.InvalidFields([.. errors.Take(MostErrors)]);
    }

    private CatalogueHead Next(CatalogueHead head, CatalogueVersion version, CatalogueOrder order, CatalogueQuery query, string by)
    {
        var latest = head with { Latest = version.Number > head.Latest.Number ? version : head.Latest };
        return !order.Activates ? latest
            : IsLater(query) is { } at ? latest with { Scheduled = new CatalogueSchedule(version, at, by) }
            : head.Active.Number == version.Number ? latest with { FollowsFiles = order.FollowsFiles }
            : latest with { Active = version, Since = clock.GetUtcNow(), FollowsFiles = order.FollowsFiles };
    }

    private CatalogueReport Report(CatalogueHead head, PreparedCatalogue prepared, CatalogueVersion? version, CatalogueOrder order, CatalogueQuery query)
    {
        var report = CatalogueReports.Of(head.Active, prepared.Before, version, prepared.After, prepared.Snapshot);
        var at = order.Activates ? IsLater(query) : null;
        return report with
        {
            ActivatesAt = at,
            Warnings = order.Activates && head.Scheduled is { } other && other.Version.Number != version?.Number
                ? [.. report.Warnings, at is null
                    ? $"Version {other.Version.Number} is scheduled for {other.At.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} and does not have this change."
                    : $"This takes the place of version {other.Version.Number}, which was scheduled for {other.At.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}."]
                : report.Warnings,
        };
    }

    private DateTimeOffset? IsLater(CatalogueQuery query) => query.At > clock.GetUtcNow() ? query.At : null;

    private static HeadDraft Draft(CatalogueHead head, CatalogueHead next, CatalogueOrder? order = null, PreparedCatalogue? prepared = null, string? answer = null) => new(
        next,
        order?.Note is { } was ? HeadNotes.Of(head, was(prepared!.Before)) : HeadNotes.Of(head),
        order?.Note is { } will ? HeadNotes.Of(next, will(prepared!.After)) : HeadNotes.Of(next),
        answer);

    private static string Told(CatalogueReport report)
    {
        var json = JsonSerializer.Serialize(report, VersionsJson.Default.CatalogueReport);
        return json.Length <= LongestAnswer ? json : JsonSerializer.Serialize(
            report with { Models = report.Models with { Data = [] }, Plans = report.Plans with { Data = [] }, Upstreams = report.Upstreams with { Data = [] } },
            VersionsJson.Default.CatalogueReport);
    }

    /// <summary>This instance serves by it at once, the others within half a minute.</summary>
    private async Task FollowAsync(CancellationToken cancellation)
    {
        try
        {
            await current.LookAnewAsync(cancellation);
        }
        catch (IOException)
        {
            // It is in; the keeper sees it.
        }
    }
}
