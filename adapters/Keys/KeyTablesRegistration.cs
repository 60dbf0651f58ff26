using Freeway.Gateway.Keys;
using Microsoft.Extensions.DependencyInjection;

namespace Freeway.Adapters.Keys;

public static class KeyTablesRegistration
{
    public static IServiceCollection AddKeyTables(this IServiceCollection services) => services
        .AddKeys()
        .AddSingleton<ISecretStore, TableSecretStore>();
}
