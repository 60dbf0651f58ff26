using Freeway.Gateway.Audit;

namespace Freeway.Gateway.Keys;

/// <summary>What an operator asks to be done.</summary>
/// <param name="By">Who asks.</param>
/// <param name="Body">The request's body as it came; empty where there is none.</param>
/// <param name="Expected">What the document must be, as <c>If-Match</c> says.</param>
/// <param name="IdempotencyKey">1 to 200 characters, or null.</param>
public sealed record Command(Operator By, ReadOnlyMemory<byte> Body, Expectation Expected, string? IdempotencyKey)
{
    /// <summary>What the gateway does by itself, e.g. for a machine's first key.</summary>
    public static Command OfFreeway { get; } = new(Operator.Freeway, ReadOnlyMemory<byte>.Empty, Expectation.Anything, null);
}
