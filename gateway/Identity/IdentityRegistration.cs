using Freeway.Gateway.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Freeway.Gateway.Identity;

/// <summary>Brings orgs, keys and those who administer them, over a store of documents and one of secrets.</summary>
public static class KeysRegistration
{
    public static IServiceCollection AddKeys(this IServiceCollection services) => services
        .AddSingleton<IdSource>()
        .AddSingleton<DocumentWriter>()
        .AddSingleton<DocumentKeyStore>()
        .AddSingleton<IOrgStore>(provider => provider.GetRequiredService<DocumentKeyStore>())
        // What they answer is remembered for a while, unless it is changed here.
        .AddSingleton<IKeyStore>(provider =>
        {
            var keys = new CachedKeyStore(provider.GetRequiredService<DocumentKeyStore>(), provider.GetRequiredService<TimeProvider>());
            provider.GetRequiredService<DocumentWriter>().Changed += keys.Forget;
            return keys;
        })
        .AddSingleton<IManagementKeyStore>(provider =>
        {
            var keys = ActivatorUtilities.CreateInstance<ManagementKeyStore>(provider);
            provider.GetRequiredService<DocumentWriter>().Changed += keys.Forget;
            return keys;
        })
        .AddSingleton<EndUsers>()
        .AddSingleton<Authenticator>()
        .AddSingleton<OperatorAuthenticator>();
}
