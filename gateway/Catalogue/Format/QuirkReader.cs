using System.Text.RegularExpressions;
using Freeway.Gateway.Models;
using Freeway.Gateway.Upstreams;

namespace Freeway.Gateway.Catalogue.Format;

/// <summary>Reads what has to be changed in a request for an upstream.</summary>
internal sealed partial class QuirkReader(CatalogueErrors errors)
{
    /// <summary>
    /// Members that no quirk may take away: the request would be another one, or one without a bound.
    /// </summary>
    private static readonly string[] Fixed = ["model", "stream", "messages", "system", "input", "prompt", "n"];

    private static readonly string[] Ceilings = ["max_tokens", "max_completion_tokens", "max_output_tokens"];

    private static readonly IReadOnlyList<Surface> Json = [.. Surface.All.Where(IsJson)];
    private static readonly IReadOnlyList<Surface> UsualJson = [.. Surface.Usual.Where(IsJson)];

    public BodyQuirk Read(QuirkEntry? entry, string at)
    {
        var drop = (entry?.Drop ?? []).Select((name, index) => Member(name, Ceilings, $"{at}.drop[{index}]")).ToList();
        var rename = (entry?.Rename ?? new Dictionary<string, string?>()).ToDictionary(
            pair => Member(pair.Key, [], $"{at}.rename"), pair => Member(pair.Value, [], $"{at}.rename.{pair.Key}"), StringComparer.Ordinal);
        errors.Check(drop.Count + rename.Count > 0, at, "must drop or rename something");
        errors.Check(!drop.Intersect(rename.Keys).Any(), at, "must not drop what it renames");
        errors.Check(!rename.Keys.Intersect(rename.Values).Any(), $"{at}.rename", "must not rename what it renames to");
        errors.Check(
            rename.Values.Distinct(StringComparer.Ordinal).Count() == rename.Count,
            $"{at}.rename", "must not give two members one name");
        return new BodyQuirk(Surfaces(entry?.Surfaces, Json, UsualJson, $"{at}.surfaces"), errors.Models(entry?.Models, $"{at}.models"), drop, rename);
    }

    /// <param name="known">Those that may be named.</param>
    /// <param name="usual">Those that are meant where nothing is said.</param>
    public IReadOnlyList<Surface> Surfaces(
        IReadOnlyList<string?>? paths, IReadOnlyList<Surface> known, IReadOnlyList<Surface> usual, string at)
    {
        if (paths is null)
        {
            return usual;
        }

        errors.Check(paths.Count > 0, at, "must name a surface, or be left out for all");
        var named = paths.Select(path => known.FirstOrDefault(surface => surface.Path == path)).ToList();
        errors.Check(named.All(surface => surface is not null), at, $"must be of {string.Join(", ", known)}");
        errors.Check(named.Distinct().Count() == named.Count, at, "must name each surface once");
        return [.. named.OfType<Surface>()];
    }

    private static bool IsJson(Surface surface) => surface.Content.Forms is not ContentForms.None;

    private string Member(string? name, string[] kept, string at)
    {
        errors.Check(
            name is not null && MemberPattern.IsMatch(name),
            at, "must name a member of the body: lower-case letters, digits and underscores");
        errors.Check(!Fixed.Contains(name) && !kept.Contains(name), at, $"'{name}' must be sent as it is");
        return name ?? "";
    }

    [GeneratedRegex("^[a-z][a-z0-9_]{0,62}$")]
    private static partial Regex MemberPattern { get; }
}
