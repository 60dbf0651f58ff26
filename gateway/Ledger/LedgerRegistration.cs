using Microsoft.Extensions.DependencyInjection;

namespace Freeway.Gateway.Ledger;

/// <summary>Registers the ledger over its stores, and the worker that renews this instance's lease.</summary>
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
