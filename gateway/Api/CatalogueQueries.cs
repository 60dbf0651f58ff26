using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Freeway.Gateway.Catalogue.Commands;
using Freeway.Gateway.Catalogue.Edits;
using Freeway.Gateway.Catalogue.Format;
using Freeway.Gateway.Catalogue.Versions;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;

namespace Freeway.Gateway.Api;

/// <summary>
/// The catalogue, its versions and its entries, for the operator: as they are stored, whatever this instance serves by.
/// All throws <see cref="IOException"/> where the store is out of reach.
/// </summary>
public sealed class CatalogueQueries(
    CatalogueRegister register, CatalogueContents contents, CatalogueCommands commands, FileCatalogue file,
    TimeProvider clock)
{
    private const string Upstreams = "upstreams/";


    public Task<Result<DocumentResult<CatalogueResponse>>> FindAsync(CancellationToken cancellation) => OfActiveAsync<CatalogueResponse>(
        (head, bundle) => new CatalogueResponse(
            VersionResponse.Of(head.Active, head), head.Since, head.Latest.Number, head.FollowsFiles,
            head.Scheduled is { } scheduled ? new ScheduleResponse(
                scheduled.Version.Number, scheduled.At, scheduled.By) : null,
            CatalogueJson.Element(bundle.Catalogue), CatalogueJson.Element(bundle.AllPresets)), cancellation);

    /// <param name="field">The value of <c>limit</c> or <c>cursor</c> as it was asked for.</param>
    public async Task<Result<Page<VersionResponse>>> ListVersionsAsync(
        Func<string, string?> field, CancellationToken cancellation)
    {
        if (!PageQuery.Read(field).Accepted(out var query, out var refusal))
        {
            return refusal;
        }

        var below = int.MaxValue;
        if (query.Cursor is { } cursor && !int.TryParse(
            cursor, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture,
            out below))
        {
            return Refuse.InvalidField(
                "cursor",
                "'cursor' is not one that this gateway gave out for this list. Leave it out to start at the newest.");
        }

        if (await HeadAsync(cancellation) is not { } filed)
        {
            return Refuse.CatalogueUnavailable();
        }

        var versions = await register.ListAsync(filed.Head, below, query.Limit, cancellation);
        return new Page<VersionResponse>(
            [.. versions.Select(version => VersionResponse.Of(version, filed.Head))],
            versions.Count == query.Limit && versions[^1].Number > 1 ? versions[^1].Number.ToString(
                System.Globalization.CultureInfo.InvariantCulture) : null);
    }

    public async Task<Result<DocumentResult<VersionContentResponse>>> FindVersionAsync(
        string number, CancellationToken cancellation)
    {
        if (await HeadAsync(cancellation) is not { } filed)
        {
            return Refuse.CatalogueUnavailable();
        }

        if (!int.TryParse(number, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var wanted)
            || await register.FindAsync(filed.Head, wanted, cancellation) is not { } version)
        {
            return Refuse.NotFound("version of this number");
        }

        var bundle = await contents.ReadAsync(version, cancellation);
        return new DocumentResult<VersionContentResponse>(
            new VersionContentResponse(
                VersionResponse.Of(version, filed.Head), CatalogueJson.Element(bundle.Catalogue),
                CatalogueJson.Element(bundle.AllPresets)), filed.Revision);
    }

    /// <summary>The entries of a kind in the catalogue's order.</summary>
    /// <param name="field">The value of <c>limit</c> or <c>cursor</c> as it was asked for.</param>
    public async Task<Result<Page<EntryResponse>>> ListAsync(
        EntryKind kind, Func<string, string?> field, CancellationToken cancellation)
    {
        if (!PageQuery.Read(field).Accepted(out var query, out var refusal)
            || !(await OfActiveAsync<Page<EntryResponse>>((_, bundle) => Page(kind, bundle, query.Limit, query.Cursor), cancellation)).Accepted(out var page, out refusal))
        {
            return refusal;
        }

        return page.Value;
    }

    public Task<Result<DocumentResult<EntryResponse>>> FindAsync(EntryKind kind, string id, CancellationToken cancellation) => OfActiveAsync(
        (_, bundle) => new CatalogueEntries(bundle.Catalogue, bundle.Preset).Find(kind, id) is { } entry ? EntryResponse.Of(kind, entry) : null, cancellation);

    /// <summary>The presets that come with the program.</summary>
    public async Task<Result<Page<PresetResponse>>> ListPresetsAsync(CancellationToken cancellation)
    {
        var decision = await OfActiveAsync<Page<PresetResponse>>(
            (_, bundle) => new Page<PresetResponse>(
                [.. file.PresetNames.Select(name => Preset(name, bundle)).OfType<PresetResponse>()]), cancellation);
        return decision.Accepted(out var page, out var refusal) ? page.Value : refusal;
    }

    private static Page<EntryResponse> Page(EntryKind kind, CatalogueBundle bundle, int limit, string? cursor)
    {
        var entries = new CatalogueEntries(bundle.Catalogue, bundle.Preset).Of(kind).ToList();
        var first = cursor is null ? 0 : entries.FindIndex(entry => entry.Id == cursor) + 1;
        return new Page<EntryResponse>(
            [.. entries.Skip(first).Take(limit).Select(entry => EntryResponse.Of(kind, entry))], first + limit < entries.Count ? entries[first + limit - 1].Id : null);
    }

    private PresetResponse? Preset(string name, CatalogueBundle active) => commands.Shipped(name) is not { } preset ? null : new PresetResponse(
        name.StartsWith(Upstreams, StringComparison.Ordinal) ? name[Upstreams.Length..] : name,
        name.StartsWith(Upstreams, StringComparison.Ordinal) ? "upstream" : "plans",
        preset["description"]?.GetValue<string>(),
        [.. (preset["plans"] as JsonObject ?? []).Select(plan => plan.Key)],
        active.Preset(name) is not null);

    private async Task<Result<DocumentResult<T>>> OfActiveAsync<T>(
        Func<CatalogueHead, CatalogueBundle, T?> show, CancellationToken cancellation)
        where T : class
    {
        if (await HeadAsync(cancellation) is not { } filed)
        {
            return Refuse.CatalogueUnavailable();
        }

        var bundle = await contents.ReadAsync(filed.Head.Active, cancellation);
        return show(filed.Head, bundle) is { } shown ? new DocumentResult<T>(shown, filed.Revision) : Refuse.NotFound(
            "entry of this name in the catalogue");
    }

    private async Task<WrittenHead?> HeadAsync(CancellationToken cancellation) =>
        await register.ReadAsync(cancellation) is { } filed ? filed with { Head = filed.Head.At(
            clock.GetUtcNow()) } : null;
}

/// <summary>The catalogue as it counts.</summary>
/// <param name="Since">When the active version became so.</param>
/// <param name="Latest">The highest number there is.</param>
/// <param name="FollowsFiles">
/// True while the file with which a process started last is active; false once an operator has chosen.
/// </param>
/// <param name="Scheduled">Null where nothing is.</param>
/// <param name="Catalogue">The active version, as <c>catalogue.json</c> has it.</param>
/// <param name="Presets">Those that it uses, by name.</param>
public sealed record CatalogueResponse(
    VersionResponse Active,
    DateTimeOffset Since,
    int Latest,
    bool FollowsFiles,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] ScheduleResponse? Scheduled,
    JsonElement Catalogue,
    JsonElement Presets)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "catalogue";
}

/// <summary>A version that will count.</summary>
/// <param name="By">The id of the management key that asked for it.</param>
public sealed record ScheduleResponse(int Version, DateTimeOffset At, string By);

/// <summary>A model, a plan or an upstream of the active catalogue.</summary>
/// <param name="Id">A model's id, else a name.</param>
/// <param name="Preset">
/// The preset that a plan is from, or that an upstream is made from; null where there is none.
/// </param>
/// <param name="Entry">As it is written: what PUT takes.</param>
/// <param name="Whole">
/// With what a preset, or the plan that it extends, fills in: what counts. Left out where that is nothing.
/// </param>
public sealed record EntryResponse(string Id, string? Preset, JsonElement Entry, JsonElement? Whole)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; private init; } = "";

    public static EntryResponse Of(EntryKind kind, CatalogueEntry entry) => new(
        entry.Id, entry.Preset, CatalogueJson.Element(entry.Own), ReferenceEquals(entry.Own, entry.Whole) || System.Text.Json.Nodes.JsonNode.DeepEquals(entry.Own, entry.Whole) ? null : CatalogueJson.Element(entry.Whole))
    {
        Object = kind.WireName(),
    };
}

/// <summary>A preset that comes with the program.</summary>
/// <param name="Name">As a catalogue names it.</param>
/// <param name="Kind"><c>plans</c> or <c>upstream</c>.</param>
/// <param name="Plans">Those that it brings; none for an upstream's.</param>
/// <param name="Used">Whether the active catalogue uses it.</param>
public sealed record PresetResponse(
    string Name, string Kind, string? Description, IReadOnlyList<string> Plans, bool Used);

/// <summary>A version of the catalogue.</summary>
/// <param name="Hash">SHA-256 of its content.</param>
/// <param name="By">The id of the management key that made it; <c>freeway</c> for a file.</param>
/// <param name="Source"><c>file</c> or <c>api</c>.</param>
public sealed record VersionResponse(
    int Version, string Hash, DateTimeOffset CreatedAt, string By, string Source, string? Comment, bool Active)
{
    public static VersionResponse Of(CatalogueVersion version, CatalogueHead head) => new(
        version.Number,
        version.Hash,
        version.CreatedAt,
        version.By,
        version.Source.WireName(),
        version.Comment, version.Number == head.Active.Number);
}

/// <summary>A version with what it holds: to be sent again, or compared.</summary>
/// <param name="Catalogue">As <c>catalogue.json</c> has it.</param>
/// <param name="Presets">Those that it uses, by name.</param>
public sealed record VersionContentResponse(VersionResponse Version, JsonElement Catalogue, JsonElement Presets)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "catalogue.version";
}
