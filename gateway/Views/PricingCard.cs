namespace Freeway.Gateway.Views;

/// <summary>USD per token, as decimal strings.</summary>
public sealed record PricingCard(string Prompt, string Completion);
