namespace Freeway.Gateway.Keys;

/// <summary>An API key as the audit shows it.</summary>
/// <param name="OldSecretsEnd">When the secrets before the newest stop working; null where one lasts.</param>
internal sealed record KeyAudit(ApiKey Key, IReadOnlyList<DateTimeOffset?>? OldSecretsEnd)
{
    public static KeyAudit Of(KeyDocument document) =>
        new(document.Key, document.Secrets.Count < 2 ? null : [.. document.Secrets.Skip(1).Select(secret => secret.EndsAt)]);
}
