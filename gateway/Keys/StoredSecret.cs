namespace Freeway.Gateway.Keys;

/// <summary>One of the secrets of a key; after a rotation the old one may work for a while beside the new one.</summary>
/// <param name="EndsAt">When it stops working; null where it lasts as long as the key.</param>
public sealed record StoredSecret(KeyHash Hash, DateTimeOffset? EndsAt = null);
