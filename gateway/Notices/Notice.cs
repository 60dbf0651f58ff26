using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Freeway.Gateway.Core;

namespace Freeway.Gateway.Notices;

/// <summary>A notice for one webhook, and how far its delivery has come.</summary>
/// <param name="Id">Made of what it tells and whom: the same notice has the same id whoever makes it. Receivers see it
///     as <c>webhook-id</c>, the same at each try.</param>
/// <param name="Target">The organisation of the webhook; <c>*</c> for the deployment's.</param>
/// <param name="Since">The moment that notices sort by; it is the same whoever makes the notice.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Body">What is sent, as JSON; it stays the same at each try.</param>
public sealed record Notice(
    string Id, NoticeType Type, string Target, DateTimeOffset Since, DateTimeOffset CreatedAt, string Body)
{
    public NoticeStatus Status { get; init; } = NoticeStatus.Waiting;

    /// <summary>Gets the number of times that delivery was tried.</summary>
    public int Attempts { get; init; }

    /// <summary>Gets the time at which delivery is tried next; null once the notice is delivered or given up.</summary>
    public DateTimeOffset? NextAt { get; init; } = CreatedAt;

    /// <summary>Gets the time at which the notice was delivered or given up; null while it waits.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>
    /// Gets the reason for which the last try failed, in a sentence; null where none has, and while one is under way.
    /// </summary>
    public string? Error { get; init; }

    /// <summary>The store's mark, which guards the next change; null where it was not read from the store.</summary>
    public string? ETag { get; init; }

    /// <summary>The notice for one webhook.</summary>
    public static Notice Of(NoticeDraft draft, string target, DateTimeOffset now)
    {
        var id = IdOf($"{target}\n{draft.Type.WireName()}\n{draft.Key}");
        return new Notice(id, draft.Type, target, draft.Since, now, BodyOf(id, draft.Type, draft.Org, now, draft.Data));
    }

    /// <summary>The JSON that receivers get.</summary>
    /// <param name="org">The organisation that it is about; null where it is about none.</param>
    internal static string BodyOf(string id, NoticeType type, string? org, DateTimeOffset now, JsonObject data) =>
        new JsonObject
        {
            ["id"] = id,
            ["type"] = type.WireName(),
            ["timestamp"] = $"{now.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}",
            ["org"] = org,
            ["data"] = data.DeepClone(),
        }.ToJsonString();

    private static string IdOf(string text) =>
        "ntc_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];
}

/// <summary>Says how far the delivery of a notice has come.</summary>
public enum NoticeStatus
{
    /// <summary>The notice is not delivered yet, and will be tried again.</summary>
    Waiting,

    /// <summary>The receiver has answered with a 2xx status.</summary>
    Delivered,

    /// <summary>The notice is given up: it was tried as often as any is, or cannot be delivered any more.</summary>
    Failed,
}

/// <summary>Represents a notice before it is known which webhooks want it.</summary>
/// <param name="Key">What makes it one: two drafts of a type with the same key are one notice.</param>
/// <param name="Org">The organisation that it is about; null where it is about none.</param>
/// <param name="Since">A moment that is the same whoever makes the draft, e.g. the start of the window.</param>
/// <param name="Data">The part of the body that depends on the type.</param>
public sealed record NoticeDraft(NoticeType Type, string Key, string? Org, DateTimeOffset Since, JsonObject Data);
