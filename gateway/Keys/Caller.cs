namespace Freeway.Gateway.Keys;

/// <summary>Who calls: the key that was presented and the org that it belongs to.</summary>
public sealed record Caller(Org Org, ApiKey Key);
