using Freeway.Gateway.Ledger;
using Microsoft.Extensions.DependencyInjection;

namespace Freeway.Adapters.Ledger;

/// <summary>Brings the ledger's stores on Table Storage. Needs <c>AddFreewayTables</c>.</summary>
public static class LedgerTablesRegistration
{
    public static IServiceCollection AddLedgerTables(this IServiceCollection services) => services
        .AddSingleton<ILedgerStore, TableLedgerStore>()
        .AddSingleton<IInstanceStore, TableInstanceStore>();
}
