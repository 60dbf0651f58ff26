namespace Freeway.Gateway.Ledger;

/// <summary>A top-up of an org's account.</summary>
/// <param name="Id">The caller's <c>Idempotency-Key</c>: the same purchase twice is one. 1 to 200 characters.</param>
/// <param name="Nanos">In nano-dollars, above 0.</param>
public sealed record Purchase(string Id, long Nanos, DateTimeOffset At);
