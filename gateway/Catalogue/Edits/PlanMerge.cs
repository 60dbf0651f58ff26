using System.Text.Json;
using System.Text.Json.Nodes;

namespace Freeway.Gateway.Catalogue.Edits;

/// <summary>
/// Shows a plan that extends another as it counts: what the other gives, and what the plan itself puts in its place, by
/// the rules of <see cref="Format.PlanEntry"/>. It looks at JSON that may be wrong: what is wrong is the reader's to
/// tell.
/// </summary>
/// <param name="plans">
/// All plans in the order in which they are looked for: the catalogue's own, then those of presets.
/// </param>
internal sealed class PlanMerge(IReadOnlyList<(string Name, JsonObject Plan)> plans)
{
    private const string Limits = "limits";
    private const string Sources = "sources";
    private const string WithoutLimits = "without_limits";

    /// <summary>Members of a limit that say where its amount is from: they do not hold for another amount.</summary>
    private static readonly string[] OfTheAmount = ["source", "verified_on"];

    /// <summary>The plan as it counts; the plan itself where it extends none, or none that can be found.</summary>
    public JsonObject Whole(JsonObject plan) => Whole(plan, []);

    private JsonObject Whole(JsonObject plan, IReadOnlyList<JsonObject> chain)
    {
        IReadOnlyList<JsonObject> longer = [.. chain, plan];
        var extended = Text(plan["extends"]) is { } name
            ? plans.FirstOrDefault(other => other.Plan != plan && other.Name == name).Plan
            : null;
        return extended is null || longer.Contains(extended) ? plan : Merge(plan, Whole(extended, longer));
    }

    private static JsonObject Merge(JsonObject plan, JsonObject extended)
    {
        var whole = Filled(plan, extended);
        whole.Remove(WithoutLimits);
        whole[Limits] = Adjusted(plan, extended);
        if (plan[Sources] is JsonArray own && extended[Sources] is JsonArray known)
        {
            whole[Sources] = new JsonArray([.. known.Concat(own).Select(source => source?.DeepClone())]);
        }

        return whole;
    }

    /// <summary>Limits of one name are one limit; those of other names are added.</summary>
    private static JsonArray Adjusted(JsonObject plan, JsonObject extended)
    {
        var own = Objects(plan[Limits]);
        var without = (plan[WithoutLimits] as JsonArray ?? []).Select(Text).ToHashSet();
        var kept = Objects(extended[Limits]).Where(limit => !without.Contains(Text(limit["name"]))).ToList();
        var adjusted = kept.Select(limit => own.Find(other => IsSame(other, limit)) is { } other
            ? AdjustedLimit(other, limit)
            : (JsonObject)limit.DeepClone());
        var added = own.Where(limit => !kept.Exists(other => IsSame(limit, other))).Select(limit => limit.DeepClone());
        return [.. adjusted, .. added];

        static bool IsSame(JsonObject one, JsonObject other) =>
            Text(one["name"]) is { } name && name == Text(other["name"]);
    }

    private static JsonObject AdjustedLimit(JsonObject own, JsonObject limit)
    {
        var whole = Filled(own, limit);
        if (own["amount"] is not null)
        {
            foreach (var name in OfTheAmount.Where(name => own[name] is null))
            {
                whole.Remove(name);
            }
        }

        return whole;
    }

    /// <summary>All that the other has, but for what this one says; a member that is null says nothing.</summary>
    private static JsonObject Filled(JsonObject own, JsonObject other)
    {
        var whole = (JsonObject)own.DeepClone();
        foreach (var (name, value) in other)
        {
            if (whole[name] is null)
            {
                whole[name] = value?.DeepClone();
            }
        }

        return whole;
    }

    private static List<JsonObject> Objects(JsonNode? node) => [.. (node as JsonArray ?? []).OfType<JsonObject>()];

    private static string? Text(JsonNode? node) =>
        node?.GetValueKind() is JsonValueKind.String ? node.GetValue<string>() : null;
}
