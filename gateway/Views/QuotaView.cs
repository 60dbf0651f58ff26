using Freeway.Gateway.Catalogue;
using Freeway.Gateway.Keys;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Models;
using Freeway.Gateway.Policies;
using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Views;

/// <summary>Every limit that binds the calling key, and what is left of it. Looking takes nothing.</summary>
public sealed class QuotaView(CatalogueSnapshot catalogue, RequestLedger ledger)
{
    private static readonly TimeSpan RetryAfterOutage = TimeSpan.FromSeconds(5);

    /// <summary>The limits of all free-enabled models.</summary>
    public async Task<Decision<Page<QuotaCard>>> ListAsync(Caller caller, CancellationToken cancellation) =>
        (await ReadAsync(caller, [.. catalogue.Models.All.Where(model => model.FreeEnabled)], cancellation).ConfigureAwait(false))
            .Accepted(out var cards, out var refusal)
            ? new Page<QuotaCard>([.. cards.Values.SelectMany(limits => limits).Distinct()])
            : refusal;

    /// <summary>The limits that a request with this slug would take from; the bare id has none.</summary>
    public async Task<Decision<Page<QuotaCard>>> FindAsync(Caller caller, string slugText, CancellationToken cancellation)
    {
        if (!Slug.Parse(slugText).Accepted(out var slug, out var refusal) || !catalogue.Models.Find(slug).Accepted(out var model, out refusal))
        {
            return refusal;
        }

        IReadOnlyList<Model> free = slug.Variant is Variant.Free ? [model] : [];
        return (await ReadAsync(caller, free, cancellation).ConfigureAwait(false)).Accepted(out var cards, out refusal)
            ? new Page<QuotaCard>([.. cards.Values.SelectMany(limits => limits)])
            : refusal;
    }

    /// <summary>Where the caller stands with the free limits of each of these models, by model id.</summary>
    internal async Task<Decision<Dictionary<string, IReadOnlyList<QuotaCard>>>> ReadAsync(
        Caller caller, IReadOnlyList<Model> models, CancellationToken cancellation)
    {
        var bound = models.ToDictionary(model => model.Id, model => Limits(caller, model));
        IReadOnlyList<BoundLimit> limits = [.. bound.Values.SelectMany(list => list).Distinct()];
        try
        {
            var states = (limits.Count is 0 ? [] : await ledger.ReadAsync(caller.Org.Id, limits, cancellation).ConfigureAwait(false))
                .ToDictionary(state => state.Bound);
            return bound.ToDictionary(pair => pair.Key, pair => Cards(pair.Key, pair.Value, states));
        }
        catch (IOException)
        {
            return Refuse.QuotaUnavailable(RetryAfterOutage);
        }
    }

    private IReadOnlyList<BoundLimit> Limits(Caller caller, Model model) =>
        catalogue.Plans.Bind(caller, new Slug(model.Id, Variant.Free), model).Accepted(out var terms, out _) ? [.. terms.All] : [];

    private static IReadOnlyList<QuotaCard> Cards(string model, IReadOnlyList<BoundLimit> limits, Dictionary<BoundLimit, QuotaState> states) =>
        [.. limits.Select(limit => QuotaCard.Of(states[limit], ScopeNames.IsPerModel(limit.Limit.Scope) ? model : null))];
}
