using System.Text.Json.Nodes;

namespace Freeway.Gateway.Catalogue.Versions;

/// <summary>How the audit tells of a head: by numbers, for the versions themselves never change.</summary>
internal static class HeadNotes
{
    /// <param name="more">What was changed of the catalogue, e.g. <c>model</c> and its entry.</param>
    public static string? Of(CatalogueHead? head, params (string Name, JsonNode? Value)[] more)
    {
        if (head is null)
        {
            return null;
        }

        var note = new JsonObject { ["active"] = head.Active.Number, ["latest"] = head.Latest.Number, ["follows_files"] = head.FollowsFiles };
        if (head.Scheduled is { } scheduled)
        {
            note["scheduled"] = new JsonObject { ["version"] = scheduled.Version.Number, ["at"] = scheduled.At.UtcDateTime };
        }

        foreach (var (name, value) in more)
        {
            note[name] = value?.DeepClone();
        }

        return note.ToJsonString();
    }
}
