namespace Freeway.Gateway.Views;

/// <summary>What the calling key is given on a model's bare id before it pays.</summary>
public sealed record GiftBadge(string Plan, IReadOnlyList<QuotaCard> Limits);
