namespace Freeway.Gateway.Catalogue;

/// <summary>The published fact that a number comes from.</summary>
/// <param name="Date"><c>2026-01-31</c>, <c>2026-01</c>, <c>2026</c> or <c>undated</c>.</param>
public sealed record SourceEntry(string? Document, string? Date, string? Url, string? Fact);
