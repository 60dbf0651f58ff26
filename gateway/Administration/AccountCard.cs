using System.Text.Json.Serialization;

namespace Freeway.Gateway.Administration;

/// <summary>An org's account in USD, as decimal strings, and what it was filled with.</summary>
/// <param name="HeldUsd">For requests under way.</param>
/// <param name="LeftUsd">Below zero where an org pays afterwards.</param>
/// <param name="Purchases">The newest first.</param>
public sealed record AccountCard(string Org, string BoughtUsd, string SpentUsd, string HeldUsd, string LeftUsd, IReadOnlyList<PurchaseCard> Purchases)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "account";
}
