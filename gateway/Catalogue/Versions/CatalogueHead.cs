using System.Text.Json.Nodes;

namespace Freeway.Gateway.Catalogue.Versions;

/// <summary>
/// The one document that says which version counts. Every change of the catalogue is a change of this.
/// </summary>
/// <param name="Active">What counts, unless <paramref name="Scheduled"/> is due.</param>
/// <param name="Since">When it became so.</param>
/// <param name="Latest">The version with the highest number.</param>
/// <param name="FollowsFiles">
/// True while files decide: the one with which a process started last is active. An operator's activation ends that.
/// </param>
public sealed record CatalogueHead(CatalogueVersion Active, DateTimeOffset Since, CatalogueVersion Latest, bool FollowsFiles, CatalogueSchedule? Scheduled = null)
{
    /// <summary>The head as it counts at a moment: what was due by then is active.</summary>
    public CatalogueHead At(DateTimeOffset now) => Scheduled is { } due && due.At <= now
        ? this with { Active = due.Version, Since = due.At, Scheduled = null, FollowsFiles = false }
        : this;
}

/// <summary>
/// A version that becomes the active one at a time. Nothing has to run for it: whoever reads it goes by it from then
/// on.
/// </summary>
/// <param name="By">The id of the management key that asked for it.</param>
public sealed record CatalogueSchedule(CatalogueVersion Version, DateTimeOffset At, string By);

/// <summary>The head as it was read or written.</summary>
/// <param name="Revision">The <c>ETag</c> that callers see.</param>
/// <param name="IsReplay">True where a command had been carried out before and nothing was done now.</param>
/// <param name="Answer">What the command left for its repeats.</param>
public sealed record WrittenHead(CatalogueHead Head, string Revision, bool IsReplay = false, string? Answer = null);

/// <summary>A head as it shall be, and how the audit tells of it.</summary>
/// <param name="Before">What the audit shows as it was, as JSON; null where there was nothing.</param>
/// <param name="After">What the audit shows as it is then.</param>
/// <param name="Answer">What a repeat of the command is told, as JSON.</param>
public sealed record HeadDraft(CatalogueHead Head, string? Before, string? After, string? Answer = null);

/// <summary>Describes a head for the audit: by numbers, for the versions themselves never change.</summary>
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
