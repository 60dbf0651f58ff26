using System.Text.Json.Nodes;
using Freeway.Gateway.Catalogue;
using Freeway.Gateway.Catalogue.Commands;
using Freeway.Gateway.Catalogue.Edits;
using Freeway.Gateway.Catalogue.Versions;
using Freeway.Gateway.Keys;
using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Views;

/// <summary>The catalogue, its versions and its entries, for the operator: as they are stored, whatever this instance serves by. All throws <see cref="IOException"/> where the store is out of reach.</summary>
public sealed class CatalogueView(CatalogueRegister register, CatalogueContents contents, CatalogueCommands commands, FileCatalogue file, TimeProvider clock)
{
    private const string Upstreams = "upstreams/";

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    public Task<Decision<Revised<CatalogueCard>>> FindAsync(CancellationToken cancellation) => OfActiveAsync<CatalogueCard>(
        (head, bundle) => new CatalogueCard(
            VersionCard.Of(head.Active, head), head.Since, head.Latest.Number, head.FollowsFiles,
            head.Scheduled is { } scheduled ? new ScheduleCard(scheduled.Version.Number, scheduled.At, scheduled.By) : null,
            CatalogueJson.Element(bundle.Catalogue), CatalogueJson.Element(bundle.AllPresets)), cancellation);

    /// <param name="field">The value of <c>limit</c> or <c>cursor</c> as it was asked for.</param>
    public async Task<Decision<Page<VersionCard>>> ListVersionsAsync(Func<string, string?> field, CancellationToken cancellation)
    {
        if (!PageQuery.Read(field).Accepted(out var query, out var refusal))
        {
            return refusal;
        }

        var below = int.MaxValue;
        if (query.Cursor is { } cursor && !int.TryParse(cursor, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out below))
        {
            return Refuse.InvalidField("cursor", "'cursor' is not one that this gateway gave out for this list. Leave it out to start at the newest.");
        }

        if (await HeadAsync(cancellation) is not { } filed)
        {
            return Refuse.CatalogueUnavailable(RetryAfter);
        }

        var versions = await register.ListAsync(filed.Head, below, query.Limit, cancellation);
        return new Page<VersionCard>(
            [.. versions.Select(version => VersionCard.Of(version, filed.Head))],
            versions.Count == query.Limit && versions[^1].Number > 1 ? versions[^1].Number.ToString(System.Globalization.CultureInfo.InvariantCulture) : null);
    }

    public async Task<Decision<Revised<VersionContentCard>>> FindVersionAsync(string number, CancellationToken cancellation)
    {
        if (await HeadAsync(cancellation) is not { } filed)
        {
            return Refuse.CatalogueUnavailable(RetryAfter);
        }

        if (!int.TryParse(number, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var wanted)
            || await register.FindAsync(filed.Head, wanted, cancellation) is not { } version)
        {
            return Refuse.NotFound("version of this number");
        }

        var bundle = await contents.ReadAsync(version, cancellation);
        return new Revised<VersionContentCard>(
            new VersionContentCard(VersionCard.Of(version, filed.Head), CatalogueJson.Element(bundle.Catalogue), CatalogueJson.Element(bundle.AllPresets)), filed.Revision);
    }

    /// <summary>The entries of a kind in the catalogue's order.</summary>
    /// <param name="field">The value of <c>limit</c> or <c>cursor</c> as it was asked for.</param>
    public async Task<Decision<Page<EntryCard>>> ListAsync(EntryKind kind, Func<string, string?> field, CancellationToken cancellation)
    {
        if (!PageQuery.Read(field).Accepted(out var query, out var refusal)
            || !(await OfActiveAsync<Page<EntryCard>>((_, bundle) => Page(kind, bundle, query.Limit, query.Cursor), cancellation)).Accepted(out var page, out refusal))
        {
            return refusal;
        }

        return page.Card;
    }

    public Task<Decision<Revised<EntryCard>>> FindAsync(EntryKind kind, string id, CancellationToken cancellation) => OfActiveAsync(
        (_, bundle) => new CatalogueEntries(bundle.Catalogue, bundle.Preset).Find(kind, id) is { } entry ? EntryCard.Of(kind, entry) : null, cancellation);

    /// <summary>The presets that come with the program.</summary>
    public async Task<Decision<Page<PresetCard>>> ListPresetsAsync(CancellationToken cancellation)
    {
        var decision = await OfActiveAsync<Page<PresetCard>>(
            (_, bundle) => new Page<PresetCard>([.. file.PresetNames.Select(name => Preset(name, bundle)).OfType<PresetCard>()]), cancellation);
        return decision.Accepted(out var page, out var refusal) ? page.Card : refusal;
    }

    private static Page<EntryCard> Page(EntryKind kind, CatalogueBundle bundle, int limit, string? cursor)
    {
        var entries = new CatalogueEntries(bundle.Catalogue, bundle.Preset).Of(kind).ToList();
        var first = cursor is null ? 0 : entries.FindIndex(entry => entry.Id == cursor) + 1;
        return new Page<EntryCard>(
            [.. entries.Skip(first).Take(limit).Select(entry => EntryCard.Of(kind, entry))], first + limit < entries.Count ? entries[first + limit - 1].Id : null);
    }

    private PresetCard? Preset(string name, CatalogueBundle active) => commands.Shipped(name) is not { } preset ? null : new PresetCard(
        name.StartsWith(Upstreams, StringComparison.Ordinal) ? name[Upstreams.Length..] : name,
        name.StartsWith(Upstreams, StringComparison.Ordinal) ? "upstream" : "plans",
        preset["description"]?.GetValue<string>(),
        [.. (preset["plans"] as JsonObject ?? []).Select(plan => plan.Key)],
        active.Preset(name) is not null);

    private async Task<Decision<Revised<T>>> OfActiveAsync<T>(Func<CatalogueHead, CatalogueBundle, T?> show, CancellationToken cancellation)
        where T : class
    {
        if (await HeadAsync(cancellation) is not { } filed)
        {
            return Refuse.CatalogueUnavailable(RetryAfter);
        }

        var bundle = await contents.ReadAsync(filed.Head.Active, cancellation);
        return show(filed.Head, bundle) is { } card ? new Revised<T>(card, filed.Revision) : Refuse.NotFound("entry of this name in the catalogue");
    }

    private async Task<FiledHead?> HeadAsync(CancellationToken cancellation) =>
        await register.ReadAsync(cancellation) is { } filed ? filed with { Head = filed.Head.At(clock.GetUtcNow()) } : null;
}
