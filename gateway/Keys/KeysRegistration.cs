using Microsoft.Extensions.DependencyInjection;

namespace Freeway.Gateway.Keys;

/// <summary>Brings orgs, keys and those who administer them, over a store of documents and one of secrets.</summary>
public static class KeysRegistration
{
    public static IServiceCollection AddKeys(this IServiceCollection services) => services
        .AddSingleton<IdSource>()
        .AddSingleton<Filing>()
        .AddSingleton<DocumentKeyStore>()
        .AddSingleton<IOrgStore>(provider => provider.GetRequiredService<DocumentKeyStore>())
        // What it answers is remembered for a while.
        .AddSingleton<IKeyStore>(provider => new CachedKeyStore(provider.GetRequiredService<DocumentKeyStore>(), provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<IManagementKeyStore, ManagementKeyStore>()
        .AddSingleton<Authenticator>()
        .AddSingleton<Operators>();
}
