namespace Freeway.Gateway.Ledger;

/// <summary>What makes a request the same one: the API key's id and the hash of its <c>Idempotency-Key</c>.</summary>
/// <param name="Hash">64 hex digits, the SHA-256 of the header's value.</param>
public readonly record struct IdempotencyKey(string KeyId, string Hash);
