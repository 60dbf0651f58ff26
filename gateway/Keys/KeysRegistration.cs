using Microsoft.Extensions.DependencyInjection;

namespace Freeway.Gateway.Keys;

/// <summary>Brings authentication over a key store.</summary>
public static class KeysRegistration
{
    /// <typeparam name="TStore">Where keys are kept; what it answers is remembered for a while.</typeparam>
    public static IServiceCollection AddKeys<TStore>(this IServiceCollection services)
        where TStore : class, IKeyStore => services
        .AddSingleton<IdSource>()
        .AddSingleton<Filing>()
        .AddSingleton<TStore>()
        .AddSingleton<IKeyStore>(provider => new CachedKeyStore(provider.GetRequiredService<TStore>(), provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<IManagementKeyStore, ManagementKeyStore>()
        .AddSingleton<Authenticator>()
        .AddSingleton<Operators>();
}
