using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Ledger;

/// <summary>
/// Takes purchases, by the billing rules of the org's plan. The ledger's account comes first and the org's flags follow
/// it: what a crash leaves between the two is made good by the same top-up sent again, and by the daily
/// <see cref="CatchUpAsync"/>.
/// </summary>
public sealed class TopUps(RequestLedger ledger, IOrgStore orgs, IPlanSource plans)
{
    /// <returns>The account with the purchase, which counts once for its id.</returns>
    /// <exception cref="IOException">A store is out of reach; send the same again.</exception>
    public async Task<Result<AccountState>> TopUpAsync(string org, Purchase purchase, PurchaseRules rules, CancellationToken cancellation)
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
            await TellAsync(known, account, rules, purchase, cancellation);
        }

        return decision;
    }

    /// <summary>
    /// Tells an org what its account has and it has not heard of, by the billing rules of its plan. Again is the same.
    /// </summary>
    /// <exception cref="IOException">A store is out of reach.</exception>
    public async Task CatchUpAsync(string org, CancellationToken cancellation)
    {
        var account = await ledger.ReadAccountAsync(org, cancellation);
        if (account.Bought > 0 && await orgs.FindAsync(org, cancellation) is { } known && known.PurchasedNanos < account.Bought)
        {
            var current = await plans.TakePlansAsync(cancellation);
            await TellAsync(known, account, current.PlanOf(known).Purchases, null, cancellation);
        }
    }

    private async Task TellAsync(Org known, AccountState account, PurchaseRules rules, Purchase? purchase, CancellationToken cancellation)
    {
        var news = account.Bought - known.PurchasedNanos;
        IEnumerable<Purchase> unheard = purchase is null || news > purchase.Nanos
            ? Latest(await ledger.ListPurchasesAsync(known.Id, cancellation), news)
            : [];
        var makesPremium = unheard.Append(purchase).Any(one => one?.Nanos >= rules.PremiumFrom);
        await orgs.ChangeAsync(
            known.Id,
            org => org with { PurchasedNanos = Math.Max(org.PurchasedNanos, account.Bought), Premium = org.Premium || makesPremium },
            cancellation);
    }

    /// <summary>
    /// The latest purchases that come to this. Older ones the org has heard of: what it was made by them is not made
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
