namespace Freeway.Gateway.Catalogue;

/// <summary>A model's free switch and the plan that <c>:free</c> takes from.</summary>
public sealed record FreeEntry(bool Enabled, string? Plan);
