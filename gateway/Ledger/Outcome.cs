using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Ledger;

/// <summary>How a request with an <c>Idempotency-Key</c> ended, for those who send it again.</summary>
/// <param name="Body">Null where it was not kept: a stream, or longer than <see cref="MostBytes"/>.</param>
public sealed record Outcome(int Status, string? ContentType, ReadOnlyMemory<byte>? Body)
{
    /// <summary>What one property of a row holds, with something to spare.</summary>
    public const int MostBytes = 60_000;

    /// <summary>The failure that the caller was told, as it is kept; null where an answer went out.</summary>
    public RefusalCode? Refusal { get; init; }

    /// <summary>The failure that a repeat is told; null where an answer went out.</summary>
    public RefusalCode? Failure => Refusal ?? (Status < 500 || Body is not null ? null : FailureOf(Status));

    /// <summary>As it is kept: without a body that is too long.</summary>
    internal Outcome Kept => Body is { Length: > MostBytes } ? this with { Body = null } : this;

    /// <summary>Recovery, and versions before the code was kept, note the status alone.</summary>
    private static RefusalCode FailureOf(int status)
    {
        RefusalCode[] failures = [RefusalCode.UpstreamError, RefusalCode.Overloaded, RefusalCode.UpstreamTimeout];
        return failures.Where(code => code.Status() == status).DefaultIfEmpty(RefusalCode.InternalError).First();
    }
}
