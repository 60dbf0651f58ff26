using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Freeway.Adapters.Tables;

/// <summary>Brings the storage account.</summary>
public static class TablesRegistration
{
    /// <summary>
    /// The setting that leads to the account: a connection string, or beneath it <c>tableServiceUri</c> or
    /// <c>accountName</c> for an identity.
    /// </summary>
    public const string ConnectionSetting = "AzureWebJobsStorage";

    /// <summary>
    /// Registers <see cref="StorageAccount"/> and <see cref="TableNames"/>. Nothing is contacted before the first use;
    /// a setting that is missing or wrong shows when the account is first resolved. An
    /// <see cref="HttpPipelineTransport"/> among the services replaces the SDK's own.
    /// </summary>
    public static IServiceCollection AddFreewayTables(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.TryAddSingleton(_ => TableNames.From(configuration));
        // Waits for the network keep to real time, whatever day the rest of the process believes it is.
        services.TryAddSingleton(provider => new Backoff(TimeProvider.System, provider.GetService<Random>() ?? new Random()));
        services.TryAddSingleton<OptimisticWrite>();
        services.TryAddSingleton(provider =>
        {
            var transport = provider.GetService<HttpPipelineTransport>();
            return new StorageAccount(
                Connect(configuration, TableProfiles.Strict(transport)),
                Connect(configuration, TableProfiles.Patient(transport)),
                provider.GetRequiredService<TableNames>());
        });
        return services;
    }

    /// <summary>Makes a client of the account that the settings lead to.</summary>
    /// <exception cref="InvalidOperationException">They name none.</exception>
    public static TableServiceClient Connect(IConfiguration configuration, TableClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (configuration[ConnectionSetting] is { Length: > 0 } connection)
        {
            return new TableServiceClient(connection, options);
        }

        var section = configuration.GetSection(ConnectionSetting);
        var address = section["tableServiceUri"] is { Length: > 0 } uri ? uri
            : section["accountName"] is { Length: > 0 } account ? $"https://{account}.table.core.windows.net"
            : throw new InvalidOperationException(
                $"Set {ConnectionSetting} to a connection string, or {ConnectionSetting}__tableServiceUri or {ConnectionSetting}__accountName.");
        var credential = new DefaultAzureCredential(new DefaultAzureCredentialOptions { ManagedIdentityClientId = section["clientId"] });
        return new TableServiceClient(new Uri(address), credential, options);
    }
}
