namespace Freeway.Gateway.Catalogue;

/// <summary>Prices in USD per million tokens, as decimals with nine places at most.</summary>
public sealed record PriceEntry(decimal? Input, decimal? Output);
