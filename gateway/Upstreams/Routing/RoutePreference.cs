using System.Text.Json;
using Freeway.Gateway.Core;

namespace Freeway.Gateway.Upstreams.Routing;

/// <summary>
/// Holds a request's member <c>provider</c>: which upstreams it wants, by their names in the catalogue, in any case.
/// </summary>
/// <param name="Order">The upstreams that are tried first, in this order.</param>
/// <param name="Only">The only upstreams that are tried; empty for all.</param>
/// <param name="Ignore">The upstreams that are not tried.</param>
/// <param name="AllowFallbacks">
/// False for only what <paramref name="Order"/> names, or without it only the first choice.
/// </param>
public sealed record RoutePreference(
    IReadOnlyList<string> Order,
    IReadOnlyList<string> Only,
    IReadOnlyList<string> Ignore,
    bool AllowFallbacks,
    RouteSort Sort)
{
    private const string Member = "provider";
    private const int MostNames = 32;

    public static RoutePreference None { get; } = new([], [], [], true, RouteSort.Catalogue);

    /// <summary>Tells whether the request lets an upstream be tried.</summary>
    public bool Allows(string upstream)
    {
        var isNamed = Only.Count is 0 || Contains(Only, upstream);
        var isFallback = Order.Count > 0 && !Contains(Order, upstream);
        return isNamed && !Contains(Ignore, upstream) && (AllowFallbacks || !isFallback);
    }

    /// <summary>
    /// Reads the member. An unknown preference is refused: one that is ignored must not look as if it were heeded.
    /// </summary>
    public static Result<RoutePreference> Read(JsonElement provider)
    {
        if (provider.ValueKind is JsonValueKind.Null)
        {
            return None;
        }

        if (provider.ValueKind is not JsonValueKind.Object)
        {
            return Refuse.InvalidField(Member, "'provider' must be an object with order, only, ignore, allow_fallbacks "
                + "or sort.");
        }

        var preference = None;
        var members = provider.EnumerateObject().Where(member => member.Value.ValueKind is not JsonValueKind.Null);
        foreach (var member in members)
        {
            var read = member.Name switch
            {
                "order" => Names(member, names => preference with { Order = names }),
                "only" => Names(member, names => preference with { Only = names }),
                "ignore" => Names(member, names => preference with { Ignore = names }),
                "allow_fallbacks" => Flag(member, flag => preference with { AllowFallbacks = flag }),
                "sort" => member.Value.ValueKind is JsonValueKind.String && member.Value.GetString() is "latency"
                    ? preference with { Sort = RouteSort.Latency }
                    : Wrong(member.Name, "must be 'latency'; without it routes are taken as the operator has ordered "
                        + "them"),
                _ => Wrong(member.Name, "is not known here: order, only, ignore, allow_fallbacks and sort are"),
            };
            if (!read.Accepted(out preference, out var refusal))
            {
                return refusal;
            }
        }

        return preference;
    }

    private static bool Contains(IReadOnlyList<string> names, string upstream) =>
        names.Contains(upstream, StringComparer.OrdinalIgnoreCase);

    private static Result<RoutePreference> Names(JsonProperty member, Func<string[], RoutePreference> with)
    {
        var isList = member.Value.ValueKind is JsonValueKind.Array && member.Value.GetArrayLength() <= MostNames;
        return isList && member.Value.EnumerateArray().All(name => name.ValueKind is JsonValueKind.String)
            ? with([.. member.Value.EnumerateArray().Select(name => name.GetString()!)])
            : Wrong(member.Name, $"must be an array of at most {MostNames} names of upstreams");
    }

    private static Result<RoutePreference> Flag(JsonProperty member, Func<bool, RoutePreference> with) =>
        member.Value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? with(member.Value.GetBoolean())
            : Wrong(member.Name, "must be true or false");

    private static Result<RoutePreference> Wrong(string name, string must) =>
        Refuse.InvalidField($"{Member}.{name}", $"'{Member}.{name}' {must}.");
}

/// <summary>Names the orders in which a request may want its routes.</summary>
public enum RouteSort
{
    /// <summary>The catalogue's order, or a choice by its weights.</summary>
    Catalogue,

    /// <summary>The order of latency: the quickest first byte of late comes first.</summary>
    Latency,
}
