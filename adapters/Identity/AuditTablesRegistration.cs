using Freeway.Gateway.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Freeway.Adapters.Identity;

/// <summary>Brings documents and their audit.</summary>
public static class AuditTablesRegistration
{
    public static IServiceCollection AddAuditTables(this IServiceCollection services) => services
        .AddSingleton<IDocumentStore, TableDocumentStore>()
        .AddSingleton<IAuditLog, TableAuditLog>();
}
