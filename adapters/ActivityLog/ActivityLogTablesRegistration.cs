using Azure.Identity;
using Azure.Messaging.ServiceBus;
using Freeway.Gateway.ActivityLog;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Freeway.Adapters.ActivityLog;

/// <summary>Registers the activity log's ports on Table Storage and Service Bus. Needs <c>AddFreewayTables</c>.</summary>
public static class ActivityLogRegistration
{
    /// <summary>
    /// The setting that leads to the broker: a connection string, or beneath it <c>fullyQualifiedNamespace</c> for an
    /// identity.
    /// </summary>
    public const string ConnectionSetting = "ServiceBus";

    public const string QueueSetting = "ActivityQueueName";

    public const string DefaultQueue = "activity";

    /// <summary>
    /// Registers the stores and the queue of the activity log. Nothing is contacted before the first use.
    /// </summary>
    public static IServiceCollection AddActivityLogAdapters(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.TryAddSingleton<IActivityStore, TableActivityStore>();
        services.TryAddSingleton<IUsageStore, TableUsageStore>();
        services.TryAddSingleton<IRefusalStore, TableRefusalStore>();
        services.TryAddSingleton<IActivityPurge, TableActivityPurge>();
        services.TryAddSingleton<IActivityBacklog>(provider => new ServiceBusActivityBacklog(
            provider.GetRequiredService<ServiceBusClient>().CreateReceiver(Queue(configuration))));
        services.TryAddSingleton<IResetLog, TableResetLog>();
        services.TryAddSingleton(_ => Connect(configuration));
        services.TryAddSingleton(provider => provider.GetRequiredService<ServiceBusClient>()
            .CreateSender(Queue(configuration)));
        services.TryAddSingleton<IDeadLetters, ServiceBusDeadLetters>();
        // How long the broker may take is real time, whatever day the rest of the process believes it is.
        services.TryAddSingleton<IActivityQueue>(provider =>
            new ServiceBusActivityQueue(provider.GetRequiredService<ServiceBusSender>(), TimeProvider.System));
        return services;
    }

    private static string Queue(IConfiguration configuration) => configuration[QueueSetting] is { Length: > 0 } name ? name : DefaultQueue;

    private static ServiceBusClient Connect(IConfiguration configuration)
    {
        var options = new ServiceBusClientOptions
        {
            // One retry heals a link that went stale; the ledger's outbox does the rest.
            RetryOptions = { TryTimeout = ServiceBusActivityQueue.SendLimit, MaxRetries = 1, Delay = TimeSpan.FromMilliseconds(200) },
        };
        if (configuration[ConnectionSetting] is { Length: > 0 } connection)
        {
            return new ServiceBusClient(connection, options);
        }

        var section = configuration.GetSection(ConnectionSetting);
        return section["fullyQualifiedNamespace"] is { Length: > 0 } name
            ? new ServiceBusClient(name, new DefaultAzureCredential(new DefaultAzureCredentialOptions { ManagedIdentityClientId = section["clientId"] }), options)
            : throw new InvalidOperationException(
                $"Set {ConnectionSetting} to a connection string, or {ConnectionSetting}__fullyQualifiedNamespace.");
    }
}
