using System.Text.Json.Nodes;

namespace Freeway.Gateway.Tests.Catalogue;

/// <summary>Finds the numbers of a preset that do not say where they are from.</summary>
internal static class PresetOrigins
{
    /// <param name="preset">The whole file.</param>
    /// <param name="part">What has the numbers: a plan of it, or an upstream, which is the file itself.</param>
    public static IEnumerable<string> Missing(JsonNode preset, JsonNode part)
    {
        foreach (var numbers in new[] { "limits", "caps", "rates" }.SelectMany(list => part[list]?.AsArray() ?? []).Append(part["purchases"]))
        {
            if (numbers is null)
            {
                continue;
            }

            var source = preset["sources"]!.AsArray().FirstOrDefault(known => (string?)known!["id"] == (string?)numbers["source"] && numbers["source"] is not null);
            if (source is null || (numbers["verified_on"] is null && (string?)source["date"] is not "undated"))
            {
                yield return numbers.ToJsonString();
            }
        }
    }
}
