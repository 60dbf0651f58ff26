using System.Globalization;
using System.Text.Json.Serialization;
using Freeway.Gateway.Catalogue.Format;
using Freeway.Gateway.Catalogue.Versions;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Models;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Api;

/// <summary>The models that the calling key may call, with the Free badge as it is for the calling key.</summary>
public sealed class ModelsView(CurrentCatalogue current, QuotaView quota)
{
    public async Task<Result<Page<ModelResponse>>> ListAsync(Caller caller, CancellationToken cancellation) =>
        (await current.TakeAsync(cancellation)).Accepted(out var catalogue, out var refusal)
        && (await CardsAsync(catalogue, caller, [.. catalogue.Models.All.Where(model => ModelSet.Allows(caller.Key.AllowedModels, model.Id))], cancellation)).Accepted(out var cards, out refusal)
            ? new Page<ModelResponse>(cards)
            : refusal;

    /// <param name="slugText">A model id, with or without a variant.</param>
    public async Task<Result<ModelResponse>> FindAsync(Caller caller, string slugText, CancellationToken cancellation)
    {
        if (!(await current.TakeAsync(cancellation)).Accepted(out var catalogue, out var refusal)
            || !Slug.Parse(slugText).Accepted(out var slug, out refusal)
            || !catalogue.Models.Find(slug).Accepted(out var model, out refusal))
        {
            return refusal;
        }

        if (!ModelSet.Allows(caller.Key.AllowedModels, model.Id))
        {
            return Refuse.ModelNotAllowed(model.Id);
        }

        return (await CardsAsync(catalogue, caller, [model], cancellation)).Accepted(out var cards, out refusal) ? cards[0] : refusal;
    }

    private async Task<Result<List<ModelResponse>>> CardsAsync(CatalogueSnapshot catalogue, Caller caller, IReadOnlyList<Model> models, CancellationToken cancellation) =>
        (await quota.ReadAsync(catalogue, caller, [.. models.SelectMany(QuotaView.Slugs)], cancellation))
            .Accepted(out var standings, out var refusal)
            ? models.Select(model => Card(
                model, standings.GetValueOrDefault(new Slug(model.Id, Variant.Free)), standings[new Slug(model.Id, Variant.None)])).ToList()
            : refusal;

    /// <param name="free">Null where free use is not enabled.</param>
    private static ModelResponse Card(Model model, Standing? free, Standing bare) => new(
        model.Id,
        model.OwnedBy,
        model.Created,
        model.Name,
        model.ContextLength,
        PricingResponse.Of(model),
        free is null
            ? new FreeBadge(false, null, [], null, Eligible: false)
            : new FreeBadge(true, new Slug(model.Id, Variant.Free).ToString(), free.Limits, model.FreePlan, Eligible: free.Refusal is null)
            {
                Reason = free.Refusal?.Message,
            },
        [.. Variants(model)])
    {
        Gift = bare.Terms is { Gifts.Count: > 0 } terms
            ? new GiftBadge(terms.Plan.Name, [.. bare.Limits.Where(limit => limit.Kind is QuotaResponse.Gift)])
            : null,
    };

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
}

/// <summary>A model in the OpenAI list shape, with what the calling key can do with it.</summary>
/// <param name="Created">Unix seconds.</param>
/// <param name="Variants">The suffixes it can be called with.</param>
public sealed record ModelResponse(
    string Id, string OwnedBy, long Created, string Name, int ContextLength, PricingResponse Pricing, FreeBadge Free, IReadOnlyList<string> Variants)
{
    /// <summary>Null where the bare id has no gift for the calling key.</summary>
    public GiftBadge? Gift { get; init; }

    [JsonPropertyOrder(-1)]
    public string Object { get; } = "model";
}

/// <summary>What a catalogue page needs for its Free badge.</summary>
/// <param name="Slug">What to call for free use; null where it is not enabled.</param>
/// <param name="Limits">What the calling key has left.</param>
/// <param name="Eligible">Whether the calling key may use it.</param>
public sealed record FreeBadge(bool Enabled, string? Slug, IReadOnlyList<QuotaResponse> Limits, string? Plan, bool Eligible)
{
    /// <summary>What would make the caller eligible.</summary>
    public string? Reason { get; init; }
}

/// <summary>What the calling key is given on a model's bare id before it pays.</summary>
public sealed record GiftBadge(string Plan, IReadOnlyList<QuotaResponse> Limits);

/// <summary>USD per token of prompt and completion, as decimal strings.</summary>
public sealed record PricingResponse(string Prompt, string Completion)
{
    private const long Million = 1_000_000;

    /// <summary>USD per token of prompt that the upstream had in its cache; null where it costs what all prompt costs.</summary>
    public string? InputCacheRead { get; init; }

    /// <summary>USD per image that is made; null where images cost nothing of their own.</summary>
    public string? Image { get; init; }

    /// <summary>USD per character that is spoken; null where characters cost nothing.</summary>
    public string? Character { get; init; }

    /// <summary>USD per minute of sound that is listened to; null where sound costs nothing of its own.</summary>
    public string? AudioMinute { get; init; }

    public static PricingResponse Of(Model model) => new(Usd(model.Price.InputPerMillion, Million), Usd(model.Price.OutputPerMillion, Million))
    {
        InputCacheRead = model.Price.CachedInputPerMillion is { } cached ? Usd(cached, Million) : null,
        Image = Some(model.NanosPerImage, 1),
        Character = Some(model.Price.CharactersPerMillion, Million),
        AudioMinute = Some(model.Price.AudioMinute, 1),
    };

    private static string? Some(long nanos, long per) => nanos > 0 ? Usd(nanos, per) : null;

    private static string Usd(long nanos, long per) =>
        (nanos / (decimal)Money.NanosPerDollar / per).ToString("0.##################", CultureInfo.InvariantCulture);
}

/// <summary>Where a caller stands with one slug: the terms on which it may be called and what is left of them.</summary>
/// <param name="Terms">Either these, or the refusal.</param>
/// <param name="Limits">In the order of the terms; empty where there are none.</param>
internal sealed record Standing(Terms? Terms, Refusal? Refusal, IReadOnlyList<QuotaResponse> Limits)
{
    public static Standing Of(Result<Terms> decision, string model, IReadOnlyDictionary<BoundLimit, QuotaState> states)
    {
        if (!decision.Accepted(out var terms, out var refusal))
        {
            return new(null, refusal, []);
        }

        return new(terms, null, [.. QuotaResponse.All(terms, model, terms.All.Select(limit => states[limit]))]);
    }
}
