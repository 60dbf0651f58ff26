using Freeway.Gateway.Keys;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Policies;
using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Views;

/// <summary>What an org has bought and what is left of it.</summary>
public sealed class CreditsView(RequestLedger ledger)
{
    private static readonly TimeSpan RetryAfterOutage = TimeSpan.FromSeconds(5);

    public async Task<Decision<CreditsCard>> FindAsync(Caller caller, CancellationToken cancellation)
    {
        try
        {
            return CreditsCard.Of(await ReadAsync(caller.Org.Id, cancellation).ConfigureAwait(false));
        }
        catch (IOException)
        {
            return Refuse.QuotaUnavailable(RetryAfterOutage);
        }
    }

    private async Task<AccountState> ReadAsync(string org, CancellationToken cancellation)
    {
        var account = (await ledger.ReadAsync(org, [Account.Prepaid], cancellation).ConfigureAwait(false))[0];
        // An org that pays afterwards leaves no bound in its row.
        return new AccountState(account.Amount is long.MaxValue ? 0 : account.Amount, account.Used, account.Reserved);
    }
}
