namespace Freeway.Gateway.Views;

/// <summary>Prices as <c>catalogue.json</c> has them: USD per million tokens.</summary>
public sealed record ProposedPrice(decimal Input, decimal Output);
