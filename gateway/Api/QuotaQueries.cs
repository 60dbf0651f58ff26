using Freeway.Gateway.Catalogue.Format;
using Freeway.Gateway.Catalogue.Versions;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Models;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Api;

/// <summary>
/// Every limit that binds the calling key, and what is left of it. Looking takes nothing, and reads the store once.
/// </summary>
public sealed class QuotaQueries(CurrentCatalogue current, RequestLedger ledger, EndUsers endUsers)
{
    /// <summary>
    /// Lists the limits of each plan by which a model is open to the caller, free or on its bare id, and the caller's
    /// own. What it may not call has none, and a limit that several models share is listed once.
    /// </summary>
    /// <param name="endUser">The id of an end user, or its hash; null leaves out limits that count for each.</param>
    public async Task<Result<Page<QuotaResponse>>> ListAsync(
        Caller caller, string? endUser, CancellationToken cancellation) =>
        (await NameAsync(caller, endUser, cancellation)).Accepted(out var named, out var refusal)
        && (await current.TakeAsync(cancellation)).Accepted(out var catalogue, out refusal)
            ? await ListAsync(catalogue, named, cancellation)
            : refusal;

    /// <summary>Lists the limits by a catalogue that the caller has taken already.</summary>
    internal async Task<Result<Page<QuotaResponse>>> ListAsync(
        CatalogueSnapshot catalogue, Caller caller, CancellationToken cancellation) =>
        (await ReadAsync(catalogue, caller, [.. catalogue.Models.All.SelectMany(Slugs)], cancellation)).Accepted(
            out var statuses, out var refusal)
            ? new Page<QuotaResponse>([.. statuses.Values.SelectMany(status => status.Limits).Distinct()])
            : refusal;

    /// <summary>The limits that a request with this slug would take from.</summary>
    /// <param name="endUser">The id of an end user, or its hash; null leaves out limits that count for each.</param>
    public async Task<Result<Page<QuotaResponse>>> FindAsync(
        Caller caller, string slugText, string? endUser, CancellationToken cancellation)
    {
        if (!(await NameAsync(caller, endUser, cancellation)).Accepted(out var named, out var refusal)
            || !(await current.TakeAsync(cancellation)).Accepted(out var catalogue, out refusal)
            || !Slug.Parse(slugText).Accepted(out var slug, out refusal)
            || !catalogue.Models.Find(slug).Accepted(out _, out refusal)
            || !(await ReadAsync(catalogue, named, [slug], cancellation)).Accepted(out var statuses, out refusal))
        {
            return refusal;
        }

        return statuses[slug] is { Refusal: { } notAllowed } ? notAllowed : new Page<QuotaResponse>(
            statuses[slug].Limits);
    }

    /// <summary>
    /// Reads the terms and the limits of each of these slugs for the caller; the catalogue has all of them.
    /// </summary>
    internal async Task<Result<Dictionary<Slug, SlugStatus>>> ReadAsync(
        CatalogueSnapshot catalogue, Caller caller, IReadOnlyList<Slug> slugs, CancellationToken cancellation)
    {
        var terms = slugs.Distinct().ToDictionary(slug => slug, slug => Bind(catalogue, caller, slug));
        IReadOnlyList<BoundLimit> limits =
            [.. terms.Values.SelectMany(
                decision => decision.Accepted(out var bound, out _) ? bound.All : []).Distinct()];
        try
        {
            var states = (limits.Count is 0 ? [] : await ledger.ReadAsync(caller.Org.Id, limits, cancellation))
                .ToDictionary(state => state.Bound);
            return terms.ToDictionary(pair => pair.Key, pair => SlugStatus.Of(pair.Value, pair.Key.ModelId, states));
        }
        catch (IOException)
        {
            return Refuse.CannotBeRead();
        }
    }

    /// <summary>The slugs of a model that differ in their terms: <c>:flex</c> goes by those of the bare id.</summary>
    internal static IEnumerable<Slug> Slugs(Model model) =>
        model.FreeEnabled ? [new Slug(model.Id, Variant.Free), new Slug(model.Id, Variant.None)] : [new Slug(
            model.Id, Variant.None)];

    private async Task<Result<Caller>> NameAsync(Caller caller, string? endUser, CancellationToken cancellation)
    {
        try
        {
            return await endUsers.LookUpAsync(caller, endUser, cancellation);
        }
        catch (IOException)
        {
            return Refuse.CannotBeRead();
        }
    }

    private static Result<Terms> Bind(CatalogueSnapshot catalogue, Caller caller, Slug slug) =>
        catalogue.Models.Find(slug).Accepted(out var model, out var refusal) ? catalogue.Plans.Bind(
            caller, slug, model) : refusal;
}
