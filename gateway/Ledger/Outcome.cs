namespace Freeway.Gateway.Ledger;

/// <summary>How a request with an <c>Idempotency-Key</c> ended, for those who send it again.</summary>
/// <param name="Body">Null where it was not kept: a stream, or longer than 60,000 bytes.</param>
public sealed record Outcome(int Status, string? ContentType, ReadOnlyMemory<byte>? Body);
