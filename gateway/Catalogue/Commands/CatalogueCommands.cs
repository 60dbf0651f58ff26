using System.Text.Json;
using System.Text.Json.Serialization;
using Freeway.Gateway.Catalogue.Changes;
using Freeway.Gateway.Catalogue.Format;
using Freeway.Gateway.Catalogue.Versions;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;

namespace Freeway.Gateway.Catalogue.Commands;

/// <summary>
/// Carries out the changes that operators ask for: checks each whole, reports what it changes, and where it is no dry
/// run stores it as a version and lets it count, now or at a time. Outage stance: it throws; a command sent again under
/// its <c>Idempotency-Key</c> is made once.
/// </summary>
public sealed class CatalogueCommands(
    CatalogueRegister register, CatalogueContents contents, CatalogueLoader loader, CatalogueReports reports, CurrentCatalogue current, FileCatalogue file, TimeProvider clock)
{
    private const int MostErrors = 100;

    /// <summary>
    /// The longest report, in characters, that a repeat is answered with whole; of a longer one it gets the counts
    /// only.
    /// </summary>
    private const int LongestAnswer = 100_000;


    /// <summary>Opens the presets that come with the program.</summary>
    internal System.Text.Json.Nodes.JsonObject? Shipped(string name) =>
        file.Shipped(name) is { } preset ? CatalogueBundle.Gather(preset, _ => null).Catalogue : null;

    /// <summary>A version by its number with its content.</summary>
    internal async Task<Result<(CatalogueBundle, CatalogueVersion?)>> FindAsync(CatalogueHead head, int number, CancellationToken cancellation) =>
        await register.FindAsync(head, number, cancellation) is { } version
            ? (await contents.ReadAsync(version, cancellation), (CatalogueVersion?)version)
            : Refuse.InvalidField("version", $"There is no version {number}. GET /api/v1/admin/catalogue/versions lists them.");

    internal async Task<Result<DocumentResult<CatalogueReport>>> RunAsync(AdminCommand command, CatalogueRequest request, CatalogueQuery query, CancellationToken cancellation) =>
        query.DryRun
            ? await PreviewAsync(request, query, cancellation)
            : await ChangeAsync(command, request, query, cancellation);

    /// <summary>Prepares a content to be tried; nothing is stored.</summary>
    internal async Task<Result<CatalogueDryRun>> TryAsync(CatalogueRequest request, CancellationToken cancellation)
    {
        if (await register.ReadAsync(cancellation) is not { } written)
        {
            return Refuse.CatalogueUnavailable();
        }

        var head = written.Head.At(clock.GetUtcNow());
        if (!(await PrepareAsync(head, request, cancellation)).Accepted(out var prepared, out var refusal))
        {
            return refusal;
        }

        return loader.Load(prepared.Before, out var errors) is { } active
            ? new CatalogueDryRun(active, head.Active.Number, prepared.Snapshot, prepared.Version?.Number)
            : Refuse.InvalidFields([.. errors.Take(MostErrors)]);
    }

    /// <summary>Takes back what is scheduled.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    public async Task<Result<CommandResult>> CancelAsync(AdminCommand command, CancellationToken cancellation)
    {
        var decision = await register.ChangeAsync(
            command, "catalogue.cancel",
            head => Task.FromResult<Result<HeadDraft>?>(head switch
            {
                null => Refuse.CatalogueUnavailable(),
                { Scheduled: null } => Refuse.NotFound("activation scheduled"),
                _ => Draft(head, head with { Scheduled = null }),
            }), cancellation);
        if (!decision.Accepted(out var written, out var refusal))
        {
            return refusal;
        }

        await FollowAsync(cancellation);
        return new CommandResult(written.IsReplay);
    }

    private async Task<Result<DocumentResult<CatalogueReport>>> PreviewAsync(CatalogueRequest request, CatalogueQuery query, CancellationToken cancellation)
    {
        if (await register.ReadAsync(cancellation) is not { } written)
        {
            return Refuse.CatalogueUnavailable();
        }

        var head = written.Head.At(clock.GetUtcNow());
        if (!(await PrepareAsync(head, request, cancellation)).Accepted(out var prepared, out var refusal))
        {
            return refusal;
        }

        var report = Report(head, prepared, prepared.Version, request, query) with { DryRun = true };
        return new DocumentResult<CatalogueReport>(
            loader.Load(prepared.Before, out _) is { } before
                ? await reports.WithOrgsAsync(report, before, prepared.Snapshot, cancellation)
                : report with { Warnings = [.. report.Warnings, "The active version cannot be used with the settings of this process, so organisations were not compared."] },
            written.Revision);
    }

    private async Task<Result<DocumentResult<CatalogueReport>>> ChangeAsync(AdminCommand command, CatalogueRequest request, CatalogueQuery query, CancellationToken cancellation)
    {
        CatalogueReport? report = null;
        var decision = await register.ChangeAsync(command, request.Action, Prepare, cancellation);
        if (!decision.Accepted(out var written, out var refusal))
        {
            return refusal;
        }

        await FollowAsync(cancellation);
        var answered = written is { IsReplay: true, Answer: { } answer } ? JsonSerializer.Deserialize(answer, ReportJson.Default.CatalogueReport) : report;
        return answered is null ? Refuse.IdempotencyKeyReused() : new DocumentResult<CatalogueReport>(answered, written.Revision) { IsReplay = written.IsReplay };

        async Task<Result<HeadDraft>?> Prepare(CatalogueHead? head)
        {
            if (head is null)
            {
                return Refuse.CatalogueUnavailable();
            }

            if (!(await PrepareAsync(head, request, cancellation)).Accepted(out var prepared, out var refused))
            {
                return refused;
            }

            var version = prepared.Version ?? await register.VersionOfAsync(
                head, prepared.After, command.By.Id, CatalogueSource.Api, request.Comment, cancellation);
            var next = Next(head, version, request, query, command.By.Id);
            report = Report(head, prepared, version, request, query) with { Active = next.Active.Number };
            return next == head ? null : (Result<HeadDraft>?)Draft(head, next, request, prepared, Answer(report));
        }
    }

    private async Task<Result<PreparedCatalogue>> PrepareAsync(CatalogueHead head, CatalogueRequest request, CancellationToken cancellation)
    {
        var before = await contents.ReadAsync(head.Active, cancellation);
        if (!(await request.Content(head, before, cancellation)).Accepted(out var made, out var refusal))
        {
            return refusal;
        }

        return loader.Load(made.Content, out var errors) is { } snapshot
            ? new PreparedCatalogue(before, made.Content, snapshot, made.Version)
            : Refuse.InvalidFields([.. errors.Take(MostErrors)]);
    }

    private CatalogueHead Next(CatalogueHead head, CatalogueVersion version, CatalogueRequest request, CatalogueQuery query, string by)
    {
        var latest = head with { Latest = version.Number > head.Latest.Number ? version : head.Latest };
        return !request.Activates ? latest
            : IsLater(query) is { } at ? latest with { Scheduled = new CatalogueSchedule(version, at, by) }
            : head.Active.Number == version.Number ? latest with { FollowsFiles = request.FollowsFiles }
            : latest with { Active = version, Since = clock.GetUtcNow(), FollowsFiles = request.FollowsFiles };
    }

    private CatalogueReport Report(CatalogueHead head, PreparedCatalogue prepared, CatalogueVersion? version, CatalogueRequest request, CatalogueQuery query)
    {
        var report = CatalogueReports.Of(head.Active, prepared.Before, version, prepared.After, prepared.Snapshot);
        var at = request.Activates ? IsLater(query) : null;
        return report with
        {
            ActivatesAt = at,
            Warnings = request.Activates && head.Scheduled is { } other && other.Version.Number != version?.Number
                ? [.. report.Warnings, at is null
                    ? $"Version {other.Version.Number} is scheduled for {other.At.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} and does not have this change."
                    : $"This takes the place of version {other.Version.Number}, which was scheduled for {other.At.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}."]
                : report.Warnings,
        };
    }

    private DateTimeOffset? IsLater(CatalogueQuery query) => query.At > clock.GetUtcNow() ? query.At : null;

    private static HeadDraft Draft(CatalogueHead head, CatalogueHead next, CatalogueRequest? request = null, PreparedCatalogue? prepared = null, string? answer = null) => new(
        next,
        request?.Note is { } was ? HeadNotes.Of(head, was(prepared!.Before)) : HeadNotes.Of(head),
        request?.Note is { } will ? HeadNotes.Of(next, will(prepared!.After)) : HeadNotes.Of(next),
        answer);

    private static string Answer(CatalogueReport report)
    {
        var json = JsonSerializer.Serialize(report, ReportJson.Default.CatalogueReport);
        return json.Length <= LongestAnswer ? json : JsonSerializer.Serialize(
            report with { Models = report.Models with { Data = [] }, Plans = report.Plans with { Data = [] }, Upstreams = report.Upstreams with { Data = [] } },
            ReportJson.Default.CatalogueReport);
    }

    /// <summary>Lets this instance serve by the change at once; the others follow within half a minute.</summary>
    private async Task FollowAsync(CancellationToken cancellation)
    {
        try
        {
            await current.RefreshAnewAsync(cancellation);
        }
        catch (IOException)
        {
            // The change is stored; the worker reads it with its next round.
        }
    }
}

/// <summary>A change as it would be: checked, and nothing stored yet.</summary>
/// <param name="Version">The version with this content; null where it would be a new one.</param>
internal sealed record PreparedCatalogue(CatalogueBundle Before, CatalogueBundle After, CatalogueSnapshot Snapshot, CatalogueVersion? Version);

/// <summary>A catalogue to be tried beside the one that counts.</summary>
/// <param name="Active">The catalogue that counts.</param>
/// <param name="Against">The version of the catalogue that counts.</param>
/// <param name="Candidate">The catalogue to be tried.</param>
/// <param name="Version">The version with this content; null where it would be a new one.</param>
public sealed record CatalogueDryRun(CatalogueSnapshot Active, int Against, CatalogueSnapshot Candidate, int? Version);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(CatalogueReport))]
internal sealed partial class ReportJson : JsonSerializerContext;
