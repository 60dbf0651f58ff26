using System.Globalization;
using Freeway.Gateway.Keys;
using Freeway.Gateway.Policies;
using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Ledger;

/// <summary>
/// Takes purchases, by the billing rules of the org's plan. The ledger's account comes first and the org's flags follow it:
/// what a crash leaves between the two is made good by the same top-up sent again, and by the daily <see cref="CatchUpAsync"/>.
/// </summary>
public sealed class TopUps(RequestLedger ledger, IOrgStore orgs)
{
    /// <returns>The account with the purchase, which counts once for its id.</returns>
    /// <exception cref="IOException">A store is out of reach; send the same again.</exception>
    public async Task<Decision<AccountState>> TopUpAsync(string org, Purchase purchase, PurchaseRules rules, CancellationToken cancellation)
    {
        if (purchase.Nanos < Math.Max(1, rules.Least))
        {
            var least = LimitUnit.NanoDollars.Shown(Math.Max(1, rules.Least)).ToString(CultureInfo.InvariantCulture);
            return Refuse.InvalidField("usd", $"The least top-up is {least} USD.");
        }

        if (await orgs.FindAsync(org, cancellation).ConfigureAwait(false) is null)
        {
            return Refuse.NotFound("such organisation");
        }

        var decision = await ledger.TopUpAsync(org, purchase, cancellation).ConfigureAwait(false);
        if (decision.Accepted(out var account, out _))
        {
            var makesPremium = purchase.Nanos >= rules.PremiumFrom;
            await orgs.ChangeAsync(org, known => Bought(known, account) with { Premium = known.Premium || makesPremium }, cancellation).ConfigureAwait(false);
        }

        return decision;
    }

    /// <summary>Brings what an org is known to have bought up to its account. Again is the same.</summary>
    /// <exception cref="IOException">A store is out of reach.</exception>
    public async Task CatchUpAsync(string org, CancellationToken cancellation)
    {
        var account = await ledger.ReadAccountAsync(org, cancellation).ConfigureAwait(false);
        if (account.Bought > 0 && await orgs.FindAsync(org, cancellation).ConfigureAwait(false) is { } found && found.PurchasedNanos < account.Bought)
        {
            await orgs.ChangeAsync(org, known => Bought(known, account), cancellation).ConfigureAwait(false);
        }
    }

    private static Org Bought(Org org, AccountState account) => org with { PurchasedNanos = Math.Max(org.PurchasedNanos, account.Bought) };
}
