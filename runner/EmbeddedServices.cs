using Freeway.EmbeddedTables;
using Freeway.Runner.Broker;
using Freeway.Runner.Broker.Queues;
using Freeway.Runner.Broker.Wire;
using Freeway.Runner.Local;
using Freeway.Runner.Loopback;
using Freeway.Runner.SignIn;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Freeway.Runner;

/// <summary>
/// The parts around the functions that nobody named and that were therefore started here: tables, queue, upstream.
/// </summary>
internal sealed class EmbeddedServices : IAsyncDisposable
{
    public const string DefaultQueue = "activity";

    private readonly Dictionary<string, string?> _settings = [];

    private readonly ILoggerFactory _loggers;

    private EmbeddedServices(DataFolder folder, ILoggerFactory loggers)
    {
        Folder = folder;
        _loggers = loggers;
    }

    public DataFolder Folder { get; }

    public TableDatabase? Tables { get; private set; }

    public Azurite? Azurite { get; private set; }

    public ServiceBusBroker? Broker { get; private set; }

    public LoopbackUpstream? Upstream { get; private set; }

    public TestProvider? Provider { get; private set; }

    /// <summary>Gets the settings by which the functions find the parts that were started here.</summary>
    public IReadOnlyDictionary<string, string?> Settings => _settings;

    public static async Task<EmbeddedServices> StartAsync(
        FreewayHostOptions options, IConfiguration settings, DataFolder folder, CancellationToken cancellation)
    {
        var parts = new EmbeddedServices(folder, LoggerFactory.Create(options.ConfigureLogging));
        try
        {
            // Azurite takes longest by far, so the others start beside it.
            var tables = parts.StartTablesAsync(options, settings, cancellation);
            try
            {
                if (!HostSettings.NamesServiceBus(settings))
                {
                    await parts.StartBrokerAsync(options, settings[HostSettings.ActivityQueue] ?? DefaultQueue);
                }

                if (options.RunUpstream && !HostSettings.NamesLoopback(settings))
                {
                    await parts.StartUpstreamAsync(options, cancellation);
                }

                if (options.SignUp && !HostSettings.NamesIssuer(settings))
                {
                    await parts.StartProviderAsync(options, settings, cancellation);
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
        if (Provider is not null)
        {
            await Provider.DisposeAsync();
        }

        if (Upstream is not null)
        {
            await Upstream.DisposeAsync();
        }

        if (Broker is not null)
        {
            await Broker.DisposeAsync();
        }

        if (Azurite is not null)
        {
            await Azurite.DisposeAsync();
        }

        Tables?.Dispose();
        _loggers.Dispose();
    }

    private Task StartTablesAsync(FreewayHostOptions options, IConfiguration settings, CancellationToken cancellation)
    {
        if (HostSettings.NamesStorage(settings))
        {
            return Task.CompletedTask;
        }

        if (options.UseAzurite || options.Worker is not null)
        {
            return StartAzuriteAsync(options, cancellation);
        }

        Tables = LocalTables.Open(Folder, options.TableSync, options.TimeProvider, options.Progress, _loggers);
        _settings[HostSettings.Storage] = LocalTables.Connection;
        return Task.CompletedTask;
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
        try
        {
            Broker = await ServiceBusBroker.StartAsync(broker, TimeProvider.System, _loggers);
        }
        catch (BrokerPortUnavailableException)
        {
            options.Progress($"port {broker.Port} is taken, so the broker takes another");
            Broker = await ServiceBusBroker.StartAsync(broker with { Port = 0 }, TimeProvider.System, _loggers);
        }

        _settings[HostSettings.ServiceBus] = Broker.ConnectionString;
        options.Progress($"queue: broker on port {Broker.Port}");
    }

    private async Task StartUpstreamAsync(FreewayHostOptions options, CancellationToken cancellation)
    {
        var loopback = new LoopbackOptions { Port = options.Ports.Upstream };
        try
        {
            Upstream = await LoopbackUpstream.StartAsync(loopback, options.TimeProvider, cancellation);
        }
        catch (IOException)
        {
            options.Progress($"port {loopback.Port} is taken, so the loopback upstream takes another");
            var anyPort = loopback with { Port = 0 };
            Upstream = await LoopbackUpstream.StartAsync(anyPort, options.TimeProvider, cancellation);
        }

        _settings[HostSettings.LoopbackUrl] = Upstream.BaseUrl;
        options.Progress($"upstream: loopback at {Upstream.BaseUrl}");
    }

    private async Task StartProviderAsync(
        FreewayHostOptions options, IConfiguration settings, CancellationToken cancellation)
    {
        try
        {
            Provider = await TestProvider.StartAsync(options.Ports.Provider, options.TimeProvider, cancellation);
        }
        catch (IOException)
        {
            options.Progress($"port {options.Ports.Provider} is taken, so the test provider takes another");
            Provider = await TestProvider.StartAsync(0, options.TimeProvider, cancellation);
        }

        // What is said stays: a plan of one's own, other bounds, other terms.
        foreach (var (name, value) in HostSettings.SignUpWith(Provider))
        {
            _settings[name] = settings[name] is { Length: > 0 } given ? given : value;
        }

        options.Progress($"sign-up: test provider at {Provider.Issuer}");
    }
}

/// <summary>TCP ports on 127.0.0.1 of the parts that a Freeway starts for itself.</summary>
public sealed record EmbeddedPorts(int Tables = 0, int Broker = 0, int Upstream = 0, int Provider = 0);
