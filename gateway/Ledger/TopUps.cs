using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Ledger;

/// <summary>
/// Takes purchases, by the billing rules of the org's plan. The ledger's account comes first and the org's flags follow
/// it: what a crash leaves between the two is repaired by the same top-up sent again, and by the daily
/// <see cref="CatchUpAsync"/>.
/// </summary>
public sealed class TopUps(RequestLedger ledger, IOrgStore orgs, IPlanSource plans)
{
    /// <summary>Adds a purchase, once for its id.</summary>
    /// <returns>The account with the purchase.</returns>
    /// <exception cref="IOException">A store is out of reach; send the same again.</exception>
    public async Task<Result<AccountState>> TopUpAsync(
        string org, Purchase purchase, PurchaseRules rules, CancellationToken cancellation)
    {
        if (rules.TooSmall(purchase.Nanos) is { } small)
        {
            return small;
        }

        if (await orgs.FindAsync(org, cancellation) is not { } known)
        {
            return Refuse.NotFound("such organisation");
        }

        var decision = await ledger.TopUpAsync(org, purchase, cancellation);
        if (decision.Accepted(out var account, out _))
        {
            await UpdateOrgAsync(known, account, rules, purchase, cancellation);
        }

        return decision;
    }

    /// <summary>
    /// Brings an org's flags up to its account, by the billing rules of its plan. Calling it again changes nothing.
    /// </summary>
    /// <exception cref="IOException">A store is out of reach.</exception>
    public async Task CatchUpAsync(string org, CancellationToken cancellation)
    {
        var account = await ledger.ReadAccountAsync(org, cancellation);
        var known = account.Bought > 0 ? await orgs.FindAsync(org, cancellation) : null;
        if (known is not null && known.PurchasedNanos < account.Bought)
        {
            var current = await plans.TakePlansAsync(cancellation);
            await UpdateOrgAsync(known, account, current.PlanOf(known).Purchases, null, cancellation);
        }
    }

    private async Task UpdateOrgAsync(
        Org known, AccountState account, PurchaseRules rules, Purchase? purchase, CancellationToken cancellation)
    {
        // What the org does not know of is this purchase, or more where a crash came between account and org before.
        var unknown = account.Bought - known.PurchasedNanos;
        IEnumerable<Purchase> others = purchase is null || unknown > purchase.Nanos
            ? Latest(await ledger.ListPurchasesAsync(known.Id, cancellation), unknown)
            : [];
        var makesPremium = others.Append(purchase).Any(one => one?.Nanos >= rules.PremiumFrom);
        await orgs.ChangeAsync(
            known.Id,
            org => org with
            {
                PurchasedNanos = Math.Max(org.PurchasedNanos, account.Bought),
                Premium = org.Premium || makesPremium,
            },
            cancellation);
    }

    /// <summary>
    /// The latest purchases that come to an amount. The org knows of older ones: what it became by them is not decided
    /// again.
    /// </summary>
    private static IEnumerable<Purchase> Latest(IReadOnlyList<Purchase> purchases, long nanos)
    {
        for (var index = purchases.Count - 1; index >= 0 && nanos > 0; nanos -= purchases[index].Nanos, index--)
        {
            yield return purchases[index];
        }
    }
}
