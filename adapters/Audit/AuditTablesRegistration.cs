using Freeway.Gateway.Audit;
using Microsoft.Extensions.DependencyInjection;

namespace Freeway.Adapters.Audit;

/// <summary>Brings documents and their audit.</summary>
public static class AuditTablesRegistration
{
    public static IServiceCollection AddAuditTables(this IServiceCollection services) => services
        .AddSingleton<IDocumentStore, TableDocumentStore>()
        .AddSingleton<IAuditLog, TableAuditLog>();
}
