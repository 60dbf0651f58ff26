using System.Text.Json;
using System.Text.Json.Serialization;
using Freeway.Gateway.Catalogue.Changes;
using Freeway.Gateway.Catalogue.Format;
using Freeway.Gateway.Catalogue.Versions;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;

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
    internal async Task<Result<(CatalogueBundle, CatalogueVersion?)>> FindAsync(CatalogueHead head, int number, CancellationToken cancellation) =>
        await register.FindAsync(head, number, cancellation) is { } version
            ? (await contents.ReadAsync(version, cancellation), (CatalogueVersion?)version)
            : Refuse.InvalidField("version", $"There is no version {number}. GET /api/v1/admin/catalogue/versions lists them.");

    internal async Task<Result<DocumentResult<CatalogueReport>>> RunAsync(AdminCommand command, CatalogueRequest order, CatalogueQuery query, CancellationToken cancellation) =>
        query.DryRun
            ? await LookAsync(order, query, cancellation)
            : await ChangeAsync(command, order, query, cancellation);

    /// <summary>Prepares a content to be tried; nothing is stored.</summary>
    internal async Task<Result<CatalogueDryRun>> TryAsync(CatalogueRequest order, CancellationToken cancellation)
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
                null => Refuse.CatalogueUnavailable(RetryAfter),
                { Scheduled: null } => Refuse.NotFound("activation scheduled"),
                _ => Draft(head, head with { Scheduled = null }),
            }), cancellation);
        if (!decision.Accepted(out var filed, out var refusal))
        {
            return refusal;
        }

        await FollowAsync(cancellation);
        return new CommandResult(filed.IsReplay);
    }

    private async Task<Result<DocumentResult<CatalogueReport>>> LookAsync(CatalogueRequest order, CatalogueQuery query, CancellationToken cancellation)
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
        return new DocumentResult<CatalogueReport>(
            loader.Load(prepared.Before, out _) is { } before
                ? await reports.WithOrgsAsync(report, before, prepared.Snapshot, cancellation)
                : report with { Warnings = [.. report.Warnings, "The active version cannot be used with the settings of this process, so organisations were not compared."] },
            filed.Revision);
    }

    private async Task<Result<DocumentResult<CatalogueReport>>> ChangeAsync(AdminCommand command, CatalogueRequest order, CatalogueQuery query, CancellationToken cancellation)
    {
        CatalogueReport? report = null;
        var decision = await register.ChangeAsync(command, order.Action, Prepare, cancellation);
        if (!decision.Accepted(out var filed, out var refusal))
        {
            return refusal;
        }

        await FollowAsync(cancellation);
        var told = filed is { IsReplay: true, Answer: { } answer } ? JsonSerializer.Deserialize(answer, ReportJson.Default.CatalogueReport) : report;
        return told is null ? Refuse.IdempotencyKeyReused() : new DocumentResult<CatalogueReport>(told, filed.Revision) { IsReplay = filed.IsReplay };

        async Task<Result<HeadDraft>?> Prepare(CatalogueHead? head)
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
            return next == head ? null : (Result<HeadDraft>?)Draft(head, next, order, prepared, Told(report));
        }
    }

    private async Task<Result<PreparedCatalogue>> PrepareAsync(CatalogueHead head, CatalogueRequest order, CancellationToken cancellation)
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

    private CatalogueHead Next(CatalogueHead head, CatalogueVersion version, CatalogueRequest order, CatalogueQuery query, string by)
    {
        var latest = head with { Latest = version.Number > head.Latest.Number ? version : head.Latest };
        return !order.Activates ? latest
            : IsLater(query) is { } at ? latest with { Scheduled = new CatalogueSchedule(version, at, by) }
            : head.Active.Number == version.Number ? latest with { FollowsFiles = order.FollowsFiles }
            : latest with { Active = version, Since = clock.GetUtcNow(), FollowsFiles = order.FollowsFiles };
    }

    private CatalogueReport Report(CatalogueHead head, PreparedCatalogue prepared, CatalogueVersion? version, CatalogueRequest order, CatalogueQuery query)
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

    private static HeadDraft Draft(CatalogueHead head, CatalogueHead next, CatalogueRequest? order = null, PreparedCatalogue? prepared = null, string? answer = null) => new(
        next,
        order?.Note is { } was ? HeadNotes.Of(head, was(prepared!.Before)) : HeadNotes.Of(head),
        order?.Note is { } will ? HeadNotes.Of(next, will(prepared!.After)) : HeadNotes.Of(next),
        answer);

    private static string Told(CatalogueReport report)
    {
        var json = JsonSerializer.Serialize(report, ReportJson.Default.CatalogueReport);
        return json.Length <= LongestAnswer ? json : JsonSerializer.Serialize(
            report with { Models = report.Models with { Data = [] }, Plans = report.Plans with { Data = [] }, Upstreams = report.Upstreams with { Data = [] } },
            ReportJson.Default.CatalogueReport);
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

/// <summary>What an order comes to, checked, and nothing stored yet.</summary>
/// <param name="Version">Where it is one that there is.</param>
internal sealed record PreparedCatalogue(CatalogueBundle Before, CatalogueBundle After, CatalogueSnapshot Snapshot, CatalogueVersion? Version);

/// <summary>A catalogue to be tried beside the one that counts.</summary>
/// <param name="Active">The one that counts.</param>
/// <param name="Against">Its version.</param>
/// <param name="Candidate">The one to be tried.</param>
/// <param name="Version">Where it is one that there is.</param>
public sealed record CatalogueDryRun(CatalogueSnapshot Active, int Against, CatalogueSnapshot Candidate, int? Version);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(CatalogueReport))]
internal sealed partial class ReportJson : JsonSerializerContext;
