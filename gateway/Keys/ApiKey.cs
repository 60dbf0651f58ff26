namespace Freeway.Gateway.Keys;

/// <summary>An API key without its secret, which is shown once and stored as a <see cref="KeyHash"/>.</summary>
/// <param name="Id">Public id, safe in logs and records.</param>
public sealed record ApiKey(string Id, string OrgId, string Label, bool Disabled = false, DateTimeOffset? ExpiresAt = null);
