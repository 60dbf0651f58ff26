namespace Freeway.Gateway.Ledger;

/// <summary>
/// Written in the transaction that admits a request with an <c>Idempotency-Key</c>, and again in the one that settles it.
/// It lasts a day; an older one counts as absent.
/// </summary>
/// <param name="Fingerprint">The SHA-256 of endpoint and body, in hex: the same key with another request is a mistake.</param>
/// <param name="Outcome">Null while the request is under way.</param>
/// <param name="ETag">Null while the row does not exist.</param>
public sealed record IdempotencyRow(
    IdempotencyKey Key, string RequestId, string Fingerprint, DateTimeOffset At, Outcome? Outcome, string? ETag)
{
    public static TimeSpan Lasts { get; } = TimeSpan.FromDays(1);

    /// <summary>True while it says what became of its request.</summary>
    public bool Holds(DateTimeOffset now) => now - At < Lasts;
}
