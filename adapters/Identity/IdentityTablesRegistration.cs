using Freeway.Gateway.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Freeway.Adapters.Identity;

public static class KeyTablesRegistration
{
    public static IServiceCollection AddKeyTables(this IServiceCollection services) => services
        .AddKeys()
        .AddSingleton<ISecretStore, TableSecretStore>();
}
