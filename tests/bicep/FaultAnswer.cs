namespace Freeway.Bicep.Tests;

/// <summary>What the checker said after one edit.</summary>
/// <param name="Error">The edit could not be made.</param>
public sealed record FaultAnswer(IReadOnlyList<Finding>? Findings, string? Error);
