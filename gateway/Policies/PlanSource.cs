namespace Freeway.Gateway.Policies;

/// <summary>The published fact that a plan's number comes from.</summary>
/// <param name="Document">Its name, for people.</param>
/// <param name="Date">As exact as it is known: <c>2026-01-31</c>, <c>2026-01</c>, <c>2026</c> or <c>undated</c>.</param>
/// <param name="Fact">What the document says, in our words.</param>
public sealed record PlanSource(string Document, string Date, Uri? Url, string Fact);
