using Freeway.Gateway.Core;

namespace Freeway.Gateway.Ledger;

/// <summary>
/// Written in the transaction that admits a request with an <c>Idempotency-Key</c>, and again in the one that settles
/// it. It lasts a day; an older one counts as absent.
/// </summary>
/// <param name="Fingerprint">The SHA-256 of endpoint and body, in hex: the same key with another request is a
///     mistake.</param>
/// <param name="Outcome">Null while the request is under way.</param>
/// <param name="ETag">Null while the row does not exist.</param>
public sealed record IdempotencyRow(
    IdempotencyKey Key, string RequestId, string Fingerprint, DateTimeOffset At, RequestOutcome? Outcome, string? ETag)
{
    public static TimeSpan Lasts { get; } = TimeSpan.FromDays(1);

    /// <summary>True while it says what became of its request.</summary>
    public bool Holds(DateTimeOffset now) => now - At < Lasts;
}

/// <summary>What makes a request the same one: the API key's id and the hash of its <c>Idempotency-Key</c>.</summary>
/// <param name="Hash">64 hex digits, the SHA-256 of the header's value.</param>
public readonly record struct IdempotencyKey(string KeyId, string Hash);

/// <summary>How a request with an <c>Idempotency-Key</c> ended, for those who send it again.</summary>
/// <param name="Body">Null where it was not kept: a stream, or longer than <see cref="MostBytes"/>.</param>
public sealed record RequestOutcome(int Status, string? ContentType, ReadOnlyMemory<byte>? Body)
{
    /// <summary>What one property of a row holds, with something to spare.</summary>
    public const int MostBytes = 60_000;

    /// <summary>The failure that the caller was told, as it is kept; null where an answer went out.</summary>
    public RefusalCode? Refusal { get; init; }

    /// <summary>The failure that a repeat is told; null where an answer went out.</summary>
    public RefusalCode? Failure => Refusal ?? (Status < 500 || Body is not null ? null : FailureOf(Status));

    /// <summary>As it is kept: without a body that is too long.</summary>
    internal RequestOutcome Kept => Body is { Length: > MostBytes } ? this with { Body = null } : this;

    /// <summary>Recovery, and versions before the code was kept, note the status alone.</summary>
    private static RefusalCode FailureOf(int status)
    {
        RefusalCode[] failures = [RefusalCode.UpstreamError, RefusalCode.Overloaded, RefusalCode.UpstreamTimeout];
        return failures.Where(code => code.Status() == status).DefaultIfEmpty(RefusalCode.InternalError).First();
    }
}
