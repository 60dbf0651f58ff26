using Microsoft.Extensions.DependencyInjection;

namespace Freeway.Gateway.Ledger;

/// <summary>Brings the ledger over its stores, and the keeper of this instance's lease.</summary>
public static class LedgerRegistration
{
    public static IServiceCollection AddLedger(this IServiceCollection services) => services
        .AddSingleton<InstanceLease>()
        .AddSingleton<RequestLedger>()
        .AddSingleton<TopUps>()
        .AddSingleton<QuotaCleanup>()
        .AddSingleton<IQuotaCleanup, OrgCleanup>()
        .AddHostedService<InstanceWorker>();
}
