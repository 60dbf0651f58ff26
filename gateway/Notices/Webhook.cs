using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;

namespace Freeway.Gateway.Notices;

/// <summary>Represents the receiver of the notices of an organisation, or of the deployment.</summary>
/// <param name="Url">Where they are posted.</param>
/// <param name="Secret">What they are signed with: <c>whsec_</c> and 32 random bytes in base64.</param>
public sealed record Webhook(string Url, string Secret)
{
    public const string SecretPrefix = "whsec_";

    /// <summary>The time after a rotation for which the secret before it still signs beside the new one.</summary>
    public static readonly TimeSpan RotationLasts = TimeSpan.FromDays(1);

    /// <summary>The wire names of the types that it wants; null for all.</summary>
    public IReadOnlyList<string>? Events { get; init; }

    /// <summary>Gets whether nothing is sent for the time being; what happens meanwhile is not sent later.</summary>
    public bool Disabled { get; init; }

    /// <summary>The secret before the last rotation; null where there was none.</summary>
    public string? PreviousSecret { get; init; }

    /// <summary>
    /// Gets the time at which the secret before the last rotation stops signing; null where there is none.
    /// </summary>
    public DateTimeOffset? PreviousUntil { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Gets the time at which the webhook was deleted; null while it is not.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>Makes a secret of 256 random bits.</summary>
    public static string CreateSecret() => SecretPrefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary>Tells whether notices of this type are sent to the webhook now.</summary>
    public bool Wants(NoticeType type) =>
        !Disabled && DeletedAt is null && Events?.Contains(type.WireName()) is not false;

    /// <summary>The secrets that sign at this moment, the newest first.</summary>
    public IReadOnlyList<string> Secrets(DateTimeOffset now) =>
        PreviousSecret is { } previous && now < PreviousUntil ? [Secret, previous] : [Secret];
}

/// <summary>Webhooks as documents, and as the audit shows them: without secrets, and of the address only its host.</summary>
public static class WebhookDocuments
{
    /// <summary>Stands for the deployment where a webhook's organisation would stand.</summary>
    public const string Deployment = "*";

    /// <param name="target">The organisation; <see cref="Deployment"/> for the deployment.</param>
    public static Subject SubjectOf(string target) =>
        new(SubjectKind.Webhook, target, target is Deployment ? null : target);

    public static Webhook Read(Document document) =>
        JsonSerializer.Deserialize(document.Json, WebhookJson.Default.Webhook)!;

    /// <param name="was">Null where there was none.</param>
    public static DocumentDraft Draft(Webhook? was, Webhook webhook) => new(
        JsonSerializer.Serialize(webhook, WebhookJson.Default.Webhook),
        was is null ? null : Audited(was),
        Audited(webhook));

    /// <summary>An address may hold a secret of the receiver's: the audit, which is kept for ever, must not.</summary>
    private static string Audited(Webhook webhook) => JsonSerializer.Serialize(
        new AuditedWebhook(
            new Uri(webhook.Url).GetLeftPart(UriPartial.Authority), webhook.Events, webhook.Disabled,
            webhook.PreviousUntil, webhook.DeletedAt),
        WebhookJson.Default.AuditedWebhook);
}

/// <summary>A webhook as the audit shows it.</summary>
/// <param name="Host">Scheme, host and port of its address.</param>
/// <param name="OldSecretEndsAt">When the secret before the last rotation stops to sign; null where there is
///     none.</param>
internal sealed record AuditedWebhook(
    string Host, IReadOnlyList<string>? Events, bool Disabled, DateTimeOffset? OldSecretEndsAt, DateTimeOffset? DeletedAt);

/// <summary>The JSON in which webhooks are stored.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Webhook))]
[JsonSerializable(typeof(AuditedWebhook))]
internal sealed partial class WebhookJson : JsonSerializerContext;
