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
public sealed class ModelQueries(CurrentCatalogue current, QuotaQueries quota)
{
    public async Task<Result<Page<ModelResponse>>> ListAsync(Caller caller, CancellationToken cancellation) =>
        (await current.TakeAsync(cancellation)).Accepted(out var catalogue, out var refusal)
        && (await DescribeAsync(catalogue, caller, [.. catalogue.Models.All.Where(model => ModelSet.Allows(caller.Key.AllowedModels, model.Id))], cancellation)).Accepted(out var described, out refusal)
            ? new Page<ModelResponse>(described)
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

        return (await DescribeAsync(catalogue, caller, [model], cancellation)).Accepted(
            out var described, out refusal) ? described[0] : refusal;
    }

    private async Task<Result<List<ModelResponse>>> DescribeAsync(
        CatalogueSnapshot catalogue, Caller caller, IReadOnlyList<Model> models, CancellationToken cancellation)
    {
        Slug[] slugs = [.. models.SelectMany(QuotaQueries.Slugs)];
        return (await quota.ReadAsync(catalogue, caller, slugs, cancellation)).Accepted(
            out var statuses, out var refusal)
            ? models.Select(model => Describe(catalogue.Plans, caller, model, statuses)).ToList()
            : refusal;
    }

    private static ModelResponse Describe(
        PlanBook plans, Caller caller, Model model, Dictionary<Slug, SlugStatus> statuses)
    {
        var free = statuses.GetValueOrDefault(new Slug(model.Id, Variant.Free));
        var bare = statuses[new Slug(model.Id, Variant.None)];
        return new ModelResponse(
            model.Id,
            model.OwnedBy,
            model.Created,
            model.Name,
            model.ContextLength,
            PricingResponse.Of(model),
            Free(model, free),
            [.. Variants(model)])
        {
            Surfaces = [.. Surface.All.Where(model.IsFor).Select(surface => surface.Path)],
            Gift = Gift(plans.PlanOf(caller.Org), caller.Org, model, bare),
        };
    }

    /// <param name="free">Null where free use is not enabled.</param>
    private static FreeBadge Free(Model model, SlugStatus? free)
    {
        if (free is null)
        {
            return new FreeBadge(false, null, [], null, Eligible: false);
        }

        var slug = new Slug(model.Id, Variant.Free).ToString();
        return new FreeBadge(true, slug, free.Limits, model.FreePlan, Eligible: free.Refusal is null)
        {
            Reason = free.Refusal?.Message,
        };
    }

    private static GiftBadge? Gift(Plan plan, Org org, Model model, SlugStatus bare)
    {
        EarnableGift[] earnable =
            [.. PlanOffer.All(plan, model, org).Where(offer => offer.IsGift).Select(EarnableGift.Of)];
        QuotaResponse[] gifts = [.. bare.Limits.Where(limit => limit.Kind is QuotaResponse.Gift)];
        return gifts.Length + earnable.Length is 0
            ? null
            : new GiftBadge(plan.Name, gifts) { Earnable = earnable.Length is 0 ? null : earnable };
    }

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
    /// <summary>The endpoints that serve it, e.g. <c>chat/completions</c>.</summary>
    public IReadOnlyList<string> Surfaces { get; init; } = [];

    /// <summary>Gets the gift of the bare id; null where the calling key has none there.</summary>
    public GiftBadge? Gift { get; init; }

    [JsonPropertyOrder(-1)]
    public string Object { get; } = "model";
}

/// <summary>
/// Describes the free use that the calling key has of a model, as a catalogue page shows it in a Free badge.
/// </summary>
/// <param name="Slug">What to call for free use; null where it is not enabled.</param>
/// <param name="Limits">What the calling key has left.</param>
/// <param name="Eligible">Whether the calling key may use it.</param>
public sealed record FreeBadge(
    bool Enabled, string? Slug, IReadOnlyList<QuotaResponse> Limits, string? Plan, bool Eligible)
{
    /// <summary>The steps that would make the caller eligible; null where it is.</summary>
    public string? Reason { get; init; }
}

/// <summary>
/// Describes what the calling key is given on a model's bare id before it pays, and what it could be given.
/// </summary>
/// <param name="Limits">The gifts that it has; empty while it has none.</param>
public sealed record GiftBadge(string Plan, IReadOnlyList<QuotaResponse> Limits)
{
    /// <summary>The gifts that its organisation could earn; left out where there is none.</summary>
    public IReadOnlyList<EarnableGift>? Earnable { get; init; }
}

/// <summary>A gift, or a larger one, that an organisation does not have yet.</summary>
/// <param name="Id">Plan and limit, e.g. <c>lunos.daily-tokens</c>.</param>
/// <param name="Amount">In the unit as callers see it.</param>
/// <param name="Requires">What the organisation has to do, e.g. <c>verify a phone number</c>.</param>
public sealed record EarnableGift(string Id, string Unit, decimal Amount, string Window, string Requires)
{
    internal static EarnableGift Of(PlanOffer offer) => new(
        offer.Source,
        offer.Limit.Unit.WireName(),
        offer.Limit.Unit.Shown(offer.Limit.Amount),
        offer.Limit.Window.WireName(),
        offer.Requires);
}

/// <summary>USD per token of prompt and completion, as decimal strings.</summary>
public sealed record PricingResponse(string Prompt, string Completion)
{
    private const long Million = 1_000_000;

    /// <summary>
    /// USD per token of prompt that the upstream had in its cache; null where it costs what all prompt costs.
    /// </summary>
    public string? InputCacheRead { get; init; }

    /// <summary>USD per image that is made; null where images cost nothing of their own.</summary>
    public string? Image { get; init; }

    /// <summary>USD per character that is spoken; null where characters cost nothing.</summary>
    public string? Character { get; init; }

    /// <summary>USD per minute of sound that is listened to; null where sound costs nothing of its own.</summary>
    public string? AudioMinute { get; init; }

    public static PricingResponse Of(Model model) => new(
        Usd(model.Price.InputPerMillion, Million), Usd(model.Price.OutputPerMillion, Million))
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

/// <summary>Describes one slug for a caller: the terms on which it may be called and what is left of them.</summary>
/// <param name="Terms">Either these, or the refusal.</param>
/// <param name="Limits">In the order of the terms; empty where there are none.</param>
internal sealed record SlugStatus(Terms? Terms, Refusal? Refusal, IReadOnlyList<QuotaResponse> Limits)
{
    public static SlugStatus Of(
        Result<Terms> decision, string model, IReadOnlyDictionary<BoundLimit, QuotaState> states)
    {
        if (!decision.Accepted(out var terms, out var refusal))
        {
            return new(null, refusal, []);
        }

        return new(terms, null, [.. QuotaResponse.All(terms, model, terms.All.Select(limit => states[limit]))]);
    }
}
