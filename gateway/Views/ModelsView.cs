using System.Globalization;
using Freeway.Gateway.Catalogue;
using Freeway.Gateway.Keys;
using Freeway.Gateway.Models;
using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Views;

/// <summary>The models, with the Free badge as it is for the calling key.</summary>
public sealed class ModelsView(CatalogueSnapshot catalogue, QuotaView quota)
{
    private const decimal NanosTimesMillion = Money.NanosPerDollar * 1_000_000m;

    public async Task<Decision<Page<ModelCard>>> ListAsync(Caller caller, CancellationToken cancellation) =>
        (await CardsAsync(caller, catalogue.Models.All, cancellation).ConfigureAwait(false)).Accepted(out var cards, out var refusal)
            ? new Page<ModelCard>(cards)
            : refusal;

    /// <param name="slugText">A model id, with or without a variant.</param>
    public async Task<Decision<ModelCard>> FindAsync(Caller caller, string slugText, CancellationToken cancellation)
    {
        if (!Slug.Parse(slugText).Accepted(out var slug, out var refusal) || !catalogue.Models.Find(slug).Accepted(out var model, out refusal))
        {
            return refusal;
        }

        return (await CardsAsync(caller, [model], cancellation).ConfigureAwait(false)).Accepted(out var cards, out refusal) ? cards[0] : refusal;
    }

    private async Task<Decision<List<ModelCard>>> CardsAsync(Caller caller, IReadOnlyList<Model> models, CancellationToken cancellation) =>
        (await quota.ReadAsync(caller, [.. models.Where(model => model.FreeEnabled)], cancellation).ConfigureAwait(false))
            .Accepted(out var limits, out var refusal)
            ? models.Select(model => Card(model, limits.GetValueOrDefault(model.Id) ?? [])).ToList()
            : refusal;

    private static ModelCard Card(Model model, IReadOnlyList<QuotaCard> limits) => new(
        model.Id,
        model.OwnedBy,
        model.Created,
        model.Name,
        model.ContextLength,
        new PricingCard(PerToken(model.Price.InputPerMillion), PerToken(model.Price.OutputPerMillion)),
        model.FreeEnabled
            ? new FreeBadge(true, new Slug(model.Id, Variant.Free).ToString(), limits, model.FreePlan, Eligible: true)
            : new FreeBadge(false, null, [], null, Eligible: false),
        [.. Variants(model)]);

    private static IEnumerable<string> Variants(Model model)
    {
        if (model.FreeEnabled)
        {
            yield return "free";
        }

        if (model.FlexPercent is not null)
        {
            yield return "flex";
        }
    }

    private static string PerToken(long nanosPerMillion) =>
        (nanosPerMillion / NanosTimesMillion).ToString("0.##################", CultureInfo.InvariantCulture);
}
