using System.Diagnostics.CodeAnalysis;
using Freeway.Runner.Broker;
using Freeway.Runner.Hosting;
using Freeway.Runner.Local;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Freeway.Runner;

/// <summary>The parts around the functions that nobody named and that were therefore started here: tables, queue, upstream.</summary>
internal sealed class OwnParts : IAsyncDisposable
{
    public const string DefaultQueue = "activity";

    private readonly Dictionary<string, string?> _settings = [];

    private OwnParts(DataFolder folder) => Folder = folder;

    public DataFolder Folder { get; }

    public Azurite? Azurite { get; private set; }

    public ServiceBusBroker? Broker { get; private set; }

    public string? UpstreamUrl { get; private set; }

    /// <summary>What the functions must be told to find them.</summary>
    public IReadOnlyDictionary<string, string?> Settings => _settings;

    public static async Task<OwnParts> StartAsync(
        FreewayHostOptions options, IConfiguration settings, DataFolder folder, CancellationToken cancellation)
    {
        var parts = new OwnParts(folder);
        try
        {
            // Azurite takes longest by far, so the others start beside it.
            var tables = HostSettings.NamesStorage(settings) ? Task.CompletedTask : parts.StartAzuriteAsync(options, cancellation);
            try
            {
                if (!HostSettings.NamesServiceBus(settings))
                {
                    await parts.StartBrokerAsync(options, settings[HostSettings.ActivityQueue] ?? DefaultQueue);
                }
            }
            finally
            {
                await tables;
            }

            return parts;
        }
        catch
        {
            await parts.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Broker is not null)
        {
            await Broker.DisposeAsync();
        }

        if (Azurite is not null)
        {
            await Azurite.DisposeAsync();
        }
    }

    private async Task StartAzuriteAsync(FreewayHostOptions options, CancellationToken cancellation)
    {
        Azurite = await Azurite.StartAsync(
            new AzuriteOptions { Folder = Folder.Azurite, Port = options.Ports.Tables, Progress = options.Progress }, cancellation);
        _settings[HostSettings.Storage] = Azurite.ConnectionString;
        options.Progress($"tables: Azurite on port {Azurite.Port}");
    }

    private async Task StartBrokerAsync(FreewayHostOptions options, string queue)
    {
        var broker = new BrokerOptions { Port = options.Ports.Broker, DataFolder = Folder.Broker, Queues = [new QueueOptions(queue)] };
        Broker = await ServiceBusBroker.StartAsync(broker, TimeProvider.System, NullLoggerFactory.Instance);
        _settings[HostSettings.ServiceBus] = Broker.ConnectionString;
        options.Progress($"queue: broker on port {Broker.Port}");
    }
}
