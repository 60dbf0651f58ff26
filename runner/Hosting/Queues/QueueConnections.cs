using System.Collections.Concurrent;
using Azure.Identity;
using Azure.Messaging.ServiceBus;
using Freeway.Runner.Hosting.Settings;
using Microsoft.Extensions.Configuration;

namespace Freeway.Runner.Hosting.Queues;

/// <summary>One client per connection setting, found as the real host finds it.</summary>
internal sealed class QueueConnections(IConfiguration configuration) : IAsyncDisposable
{
    private const string DefaultName = "ServiceBus";

    private readonly ConcurrentDictionary<string, ServiceBusClient> _clients = new();

    /// <exception cref="FunctionBindingException">No such connection is set.</exception>
    public ServiceBusClient Open(string? name) => _clients.GetOrAdd(name is null or "" ? DefaultName : name, Create);

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients.Values)
        {
            await client.DisposeAsync();
        }
    }

    private ServiceBusClient Create(string name)
    {
        foreach (var section in new[] { configuration.GetSection(name), configuration.GetSection("AzureWebJobs" + name) })
        {
            if (section.Value is { Length: > 0 } connectionString)
            {
                return new ServiceBusClient(connectionString, Options());
            }

            if (section["fullyQualifiedNamespace"] is { Length: > 0 } host)
            {
                return new ServiceBusClient(host, Credential(section), Options());
            }
        }

        throw new FunctionBindingException($"the connection {name} is not set");
    }

    private static DefaultAzureCredential Credential(IConfigurationSection section) =>
        new(new DefaultAzureCredentialOptions { ManagedIdentityClientId = section["clientId"] });

    /// <summary>
    /// Short retries: the reader of a queue has a patience of its own, and reconnects sooner than the client would.
    /// </summary>
    private static ServiceBusClientOptions Options() => new()
    {
        RetryOptions = new ServiceBusRetryOptions
        {
            MaxRetries = 1,
            Delay = TimeSpan.FromMilliseconds(100),
            MaxDelay = TimeSpan.FromSeconds(1),
        },
    };
}
