namespace Freeway.Gateway.Keys;

/// <summary>A document as callers see it, with what they need to change it.</summary>
/// <param name="Revision">For <c>ETag</c>; null where the answer is no document's.</param>
public sealed record Revised<T>(T Card, string? Revision)
{
    /// <summary>True where nothing was done because the same command was carried out before.</summary>
    public bool IsReplay { get; init; }
}
