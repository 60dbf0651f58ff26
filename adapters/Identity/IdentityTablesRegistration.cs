using Freeway.Gateway.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Freeway.Adapters.Identity;

/// <summary>Registers identity over tables: documents, their audit log, and the secrets of keys.</summary>
public static class IdentityTablesRegistration
{
    public static IServiceCollection AddIdentityTables(this IServiceCollection services) => services
        .AddKeys()
        .AddSingleton<IDocumentStore, TableDocumentStore>()
        .AddSingleton<IAuditLog, TableAuditLog>()
        .AddSingleton<ISecretStore, TableSecretStore>()
        .AddSingleton<IEndUserSaltStore, TableEndUserSaltStore>();
}
