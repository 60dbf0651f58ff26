using Freeway.Gateway.Core;
using Freeway.Gateway.Models;
using Freeway.Gateway.Upstreams;

namespace Freeway.Gateway.Api;

/// <summary>Compares what an upstream lists with what the catalogue has from it.</summary>
internal static class Proposals
{
    private const decimal Nanos = Money.NanosPerDollar;

    private static readonly string[] Variants = [":free", ":flex"];

    /// <summary>
    /// The changed ones first, then the gone ones, in the catalogue's order; then the new ones, in the upstream's.
    /// </summary>
    public static IReadOnlyList<ProposalResponse> Of(
        Upstream upstream, IReadOnlyList<ListedModel> listed, IReadOnlyList<Model> models)
    {
        var routed = models
            .SelectMany(model => model.Routes.Where(route => route.Upstream == upstream.Name).Select(
                route => (Name: Plain(route.UpstreamModel), Model: model)))
            .GroupBy(pair => pair.Name, pair => pair.Model, StringComparer.Ordinal).ToList();
        var there = listed.DistinctBy(one => Plain(one.Id)).ToDictionary(one => Plain(one.Id), StringComparer.Ordinal);
        var known = routed.Select(group => group.Key).ToHashSet(StringComparer.Ordinal);
        var taken = models.Select(model => model.Id).Concat(there.Keys).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. routed.Where(group => there.ContainsKey(group.Key)).Select(group => Changed(there[group.Key], [.. group])).OfType<ProposalResponse>(),
            .. routed.Where(group => !there.ContainsKey(group.Key)).Select(
                group => new ProposalResponse(ProposalResponse.Gone, group.Key, Ids(group))),
            .. there.Values.Where(one => !known.Contains(Plain(one.Id))).Select(one => New(upstream, one, taken)),
        ];
    }

    private static ProposalResponse? Changed(ListedModel listed, IReadOnlyList<Model> models)
    {
        List<FieldChange> fields = [];
        foreach (var model in models)
        {
            Compare(model, "context_length", model.ContextLength, listed.ContextLength);
            Compare(
                model, "usd_per_million_tokens.input", model.Price.InputPerMillion / Nanos, listed.UsdPerMillionInput);
            Compare(
                model, "usd_per_million_tokens.output", model.Price.OutputPerMillion / Nanos,
                listed.UsdPerMillionOutput);
        }

        return fields.Count is 0 ? null : new ProposalResponse(
            ProposalResponse.Changed, listed.Id, Ids(models)) { Fields = fields };

        void Compare(Model model, string field, decimal catalogue, decimal? upstream)
        {
            if (upstream is { } value && value != catalogue)
            {
                fields.Add(new FieldChange(model.Id, field, catalogue, value));
            }
        }
    }

    private static ProposalResponse New(Upstream upstream, ListedModel listed, HashSet<string> taken)
    {
        var price = listed is { UsdPerMillionInput: { } input, UsdPerMillionOutput: { } output } ? new ProposedPrice(
            input, output) : null;
        return new ProposalResponse(ProposalResponse.New, listed.Id, [])
        {
            // Whatever it costs there, it is for the operator to give it away.
            Entry = new ProposedModel(
                Id(upstream, Plain(listed.Id), taken), listed.Title ?? Plain(listed.Id), listed.ContextLength, price, new ProposedFree(false), [new ProposedRoute(upstream.Name, listed.Id)]),
        };
    }

    /// <summary>
    /// An id that callers can use: without a suffix that would be a variant, and not one that another model has.
    /// </summary>
    private static string Id(Upstream upstream, string name, HashSet<string> taken)
    {
        var bare = name;
        while (
            Array.Find(Variants, variant => bare.EndsWith(variant, StringComparison.OrdinalIgnoreCase)) is { } variant)
        {
            bare = bare[..^variant.Length];
        }

        // Its own name is among those that are taken; a shorter one is taken by being proposed.
        var isOwn = bare.Contains('/', StringComparison.Ordinal) && (bare == name || taken.Add(bare));
        return isOwn ? bare : $"{upstream.Name}/{bare}";
    }

    /// <summary>One upstream lists its models under a folder that it does not want to be sent.</summary>
    private static string Plain(string name) => name.StartsWith("models/", StringComparison.Ordinal) ? name["models/".Length..] : name;

    private static IReadOnlyList<string> Ids(IEnumerable<Model> models) => [.. models.Select(
        model => model.Id).Distinct()];
}

/// <summary>
/// Proposes a change of the catalogue that an upstream's list of models suggests. Nothing is changed by it.
/// </summary>
/// <param name="Change"><c>new</c>, <c>changed</c> or <c>gone</c>.</param>
/// <param name="UpstreamModel">The model's name there.</param>
/// <param name="Models">The catalogue's models that have a route to it.</param>
public sealed record ProposalResponse(string Change, string UpstreamModel, IReadOnlyList<string> Models)
{
    public const string New = "new";
    public const string Changed = "changed";
    public const string Gone = "gone";

    /// <summary>The entry to add for a new model; null for the others.</summary>
    public ProposedModel? Entry { get; init; }

    /// <summary>The differences of a model that has changed; null for the others.</summary>
    public IReadOnlyList<FieldChange>? Fields { get; init; }
}

/// <summary>Describes a field in which the catalogue and the upstream differ.</summary>
/// <param name="Model">The catalogue's id.</param>
/// <param name="Field">As <c>catalogue.json</c> calls it.</param>
public sealed record FieldChange(string Model, string Field, decimal Catalogue, decimal Upstream);

/// <summary>The free switch as <c>catalogue.json</c> has it; a proposal never turns it on.</summary>
public sealed record ProposedFree(bool Enabled);

/// <summary>
/// An entry for <c>catalogue.json</c>; what the upstream does not say is left out, and has to be filled in.
/// </summary>
public sealed record ProposedModel(
    string Id, string Name, int? ContextLength, ProposedPrice? UsdPerMillionTokens, ProposedFree Free, IReadOnlyList<ProposedRoute> Routes);

/// <summary>Prices as <c>catalogue.json</c> has them: USD per million tokens.</summary>
public sealed record ProposedPrice(decimal Input, decimal Output);

/// <summary>A route as <c>catalogue.json</c> has it.</summary>
public sealed record ProposedRoute(string Upstream, string Model);
