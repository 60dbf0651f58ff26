using Freeway.Gateway.Ledger;
using Freeway.Gateway.Models;

namespace Freeway.Gateway.Administration;

/// <summary>One top-up.</summary>
/// <param name="Id">The <c>Idempotency-Key</c> that it came with.</param>
public sealed record PurchaseCard(string Id, string Usd, DateTimeOffset Time)
{
    internal static PurchaseCard Of(Purchase purchase) => new(purchase.Id, Money.Format(purchase.Nanos), purchase.At);
}
