namespace Freeway.Gateway.Ledger;

/// <summary>How a request with an <c>Idempotency-Key</c> ended, for those who send it again.</summary>
/// <param name="Body">Null where it was not kept: a stream, or longer than <see cref="MostBytes"/>.</param>
public sealed record Outcome(int Status, string? ContentType, ReadOnlyMemory<byte>? Body)
{
    /// <summary>What one property of a row holds, with something to spare.</summary>
    public const int MostBytes = 60_000;

    /// <summary>As it is kept: without a body that is too long.</summary>
    internal Outcome Kept => Body is { Length: > MostBytes } ? this with { Body = null } : this;
}
