using Freeway.Gateway.Core;

namespace Freeway.Gateway.Ledger;

/// <summary>
/// Remembers a request with an <c>Idempotency-Key</c>. The row is written in the transaction that admits the request,
/// and again in the one that settles it. It lasts a day; an older one counts as absent.
/// </summary>
/// <param name="Fingerprint">
/// The SHA-256 of endpoint and body, in hex: the same key with another request is a mistake.
/// </param>
/// <param name="Outcome">Null while the request is under way.</param>
/// <param name="ETag">Null while the row does not exist.</param>
public sealed record IdempotencyRow(
    IdempotencyKey Key, string RequestId, string Fingerprint, DateTimeOffset At, RequestOutcome? Outcome, string? ETag)
{
    public static TimeSpan Lasts { get; } = TimeSpan.FromDays(1);

    /// <summary>Tells whether the row still counts: it is less than a day old.</summary>
    public bool IsCurrent(DateTimeOffset now) => now - At < Lasts;
}

/// <summary>Identifies repeats of one request: the API key's id and the hash of the <c>Idempotency-Key</c>.</summary>
/// <param name="Hash">64 hex digits, the SHA-256 of the header's value.</param>
public readonly record struct IdempotencyKey(string KeyId, string Hash);

/// <summary>Says how a request with an <c>Idempotency-Key</c> ended, to those who send it again.</summary>
/// <param name="Body">Null where it was not kept: a stream, or longer than <see cref="MostBytes"/>.</param>
public sealed record RequestOutcome(int Status, string? ContentType, ReadOnlyMemory<byte>? Body)
{
    /// <summary>
    /// The longest body that is kept, in bytes: what one property of a table row holds, less a margin.
    /// </summary>
    public const int MostBytes = 60_000;

    /// <summary>The failure that the caller got, as it is stored; null where an answer went out.</summary>
    public RefusalCode? Refusal { get; init; }

    /// <summary>The failure that a repeat gets; null where an answer went out.</summary>
    public RefusalCode? Failure
    {
        get
        {
            var isAnswer = Status < 500 || Body is not null;
            return Refusal ?? (isAnswer ? null : FailureOf(Status));
        }
    }

    /// <summary>The outcome as it is stored: without a body that is too long.</summary>
    internal RequestOutcome Trimmed => Body is { Length: > MostBytes } ? this with { Body = null } : this;

    /// <summary>
    /// The failure behind a status: recovery, and versions before the code was stored, store the status alone.
    /// </summary>
    private static RefusalCode FailureOf(int status)
    {
        RefusalCode[] failures = [RefusalCode.UpstreamError, RefusalCode.Overloaded, RefusalCode.UpstreamTimeout];
        return failures.Where(code => code.Status() == status).DefaultIfEmpty(RefusalCode.InternalError).First();
    }
}
