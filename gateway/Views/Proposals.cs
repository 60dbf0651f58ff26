using Freeway.Gateway.Models;
using Freeway.Gateway.Routing;
using Freeway.Gateway.Upstreams;

namespace Freeway.Gateway.Views;

/// <summary>Compares what an upstream lists with what the catalogue has from it.</summary>
internal static class Proposals
{
    private const decimal Nanos = Money.NanosPerDollar;

    private static readonly string[] Variants = [":free", ":flex"];

    /// <summary>The changed ones first, then the gone ones, in the catalogue's order; then the new ones, in the upstream's.</summary>
    public static IReadOnlyList<ProposalCard> Of(Upstream upstream, IReadOnlyList<ListedModel> listed, IReadOnlyList<Model> models)
    {
        var routed = models
            .SelectMany(model => model.Routes.Where(route => route.Upstream == upstream.Name).Select(route => (Name: Plain(route.UpstreamModel), Model: model)))
            .GroupBy(pair => pair.Name, pair => pair.Model, StringComparer.Ordinal).ToList();
        var there = listed.DistinctBy(one => Plain(one.Id)).ToDictionary(one => Plain(one.Id), StringComparer.Ordinal);
        var known = routed.Select(group => group.Key).ToHashSet(StringComparer.Ordinal);
        var taken = models.Select(model => model.Id).Concat(there.Keys).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. routed.Where(group => there.ContainsKey(group.Key)).Select(group => Changed(there[group.Key], [.. group])).OfType<ProposalCard>(),
            .. routed.Where(group => !there.ContainsKey(group.Key)).Select(group => new ProposalCard(ProposalCard.Gone, group.Key, Ids(group))),
            .. there.Values.Where(one => !known.Contains(Plain(one.Id))).Select(one => New(upstream, one, taken)),
        ];
    }

    private static ProposalCard? Changed(ListedModel listed, IReadOnlyList<Model> models)
    {
        List<FieldChange> fields = [];
        foreach (var model in models)
        {
            Compare(model, "context_length", model.ContextLength, listed.ContextLength);
            Compare(model, "usd_per_million_tokens.input", model.Price.InputPerMillion / Nanos, listed.UsdPerMillionInput);
            Compare(model, "usd_per_million_tokens.output", model.Price.OutputPerMillion / Nanos, listed.UsdPerMillionOutput);
        }

        return fields.Count is 0 ? null : new ProposalCard(ProposalCard.Changed, listed.Id, Ids(models)) { Fields = fields };

        void Compare(Model model, string field, decimal catalogue, decimal? upstream)
        {
            if (upstream is { } value && value != catalogue)
            {
                fields.Add(new FieldChange(model.Id, field, catalogue, value));
            }
        }
    }

    private static ProposalCard New(Upstream upstream, ListedModel listed, HashSet<string> taken)
    {
        var price = listed is { UsdPerMillionInput: { } input, UsdPerMillionOutput: { } output } ? new ProposedPrice(input, output) : null;
        return new ProposalCard(ProposalCard.New, listed.Id, [])
        {
            // Whatever it costs there, it is for the operator to give it away.
            Entry = new ProposedModel(
                Id(upstream, Plain(listed.Id), taken), listed.Title ?? Plain(listed.Id), listed.ContextLength, price, new ProposedFree(false), [new ProposedRoute(upstream.Name, listed.Id)]),
        };
    }

    /// <summary>An id that callers can use: without a suffix that would be a variant, and not one that another model has.</summary>
    private static string Id(Upstream upstream, string name, HashSet<string> taken)
    {
        var bare = name;
        while (Array.Find(Variants, variant => bare.EndsWith(variant, StringComparison.OrdinalIgnoreCase)) is { } variant)
        {
            bare = bare[..^variant.Length];
        }

        // Its own name is among those that are taken; a shorter one is taken by being proposed.
        var isOwn = bare.Contains('/', StringComparison.Ordinal) && (bare == name || taken.Add(bare));
        return isOwn ? bare : $"{upstream.Name}/{bare}";
    }

    /// <summary>One upstream lists its models under a folder that it does not want to be sent.</summary>
    private static string Plain(string name) => name.StartsWith("models/", StringComparison.Ordinal) ? name["models/".Length..] : name;

    private static IReadOnlyList<string> Ids(IEnumerable<Model> models) => [.. models.Select(model => model.Id).Distinct()];
}
