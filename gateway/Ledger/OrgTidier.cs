namespace Freeway.Gateway.Ledger;

/// <summary>Everything that is put in order for an org once a day: its quota entities, and what it is known to have bought.</summary>
public sealed class OrgTidier(QuotaTidier quotas, TopUps topUps) : IQuotaTidier
{
    public async Task<int> TidyAsync(string org, DateTimeOffset now, CancellationToken cancellation)
    {
        await topUps.CatchUpAsync(org, cancellation);
        return await quotas.TidyAsync(org, now, cancellation);
    }
}
