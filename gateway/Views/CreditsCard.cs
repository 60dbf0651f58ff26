using System.Text.Json.Serialization;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Models;

namespace Freeway.Gateway.Views;

/// <summary>An org's account in USD, as decimal strings.</summary>
/// <param name="HeldUsd">For requests under way.</param>
/// <param name="LeftUsd">Below zero where an org pays afterwards.</param>
public sealed record CreditsCard(string BoughtUsd, string SpentUsd, string HeldUsd, string LeftUsd)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "credits";

    public static CreditsCard Of(AccountState account) =>
        new(Money.Format(account.Bought), Money.Format(account.Spent), Money.Format(account.Held), Money.Format(account.Left));
}
