using Freeway.EmbeddedTables;
using Freeway.Functions;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Inference;
using Freeway.Gateway.Ledger;
using Freeway.Runner.Broker;
using Freeway.Runner.Clock;
using Freeway.Runner.Hosting;
using Freeway.Runner.Hosting.Settings;
using Freeway.Runner.Local;
using Freeway.Runner.Loopback;
using Freeway.Runner.SignIn;
using Freeway.Runner.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Freeway.Runner;

/// <summary>A running Freeway and the parts that were started for it.</summary>
public sealed class FreewayHost : IAsyncDisposable
{
    /// <summary>
    /// Usually the books are closed well within this, and the next request on the connection then finds given back what
    /// this one held. In an outage it must not wait for them.
    /// </summary>
    private static readonly TimeSpan HeldForBooks = TimeSpan.FromSeconds(0.5);

    private readonly IFunctionHost _app;
    private readonly EmbeddedServices _parts;
    private readonly FunctionAppOptions _options;
    private int _stopped;

    private FreewayHost(
        IFunctionHost app, EmbeddedServices parts, FunctionAppOptions options, DemoKeys keys, bool seeded, bool ownAdminKey)
    {
        _app = app;
        _parts = parts;
        _options = options;
        ApiKey = seeded ? keys.ApiKey : null;
        AdminKey = ownAdminKey ? keys.AdminKey : null;
    }

    /// <summary>Gets the address that the host listens at.</summary>
    public Uri Url => _app.Url;

    /// <summary>The functions' own services, where they run in this process.</summary>
    /// <exception cref="InvalidOperationException">The functions run in the worker.</exception>
    public IServiceProvider Services => (_app as FunctionApp)?.Services
        ?? throw new InvalidOperationException("The functions run in the worker, and their services with them.");

    /// <summary>The process that runs the functions: this one, or the worker's as it is now.</summary>
    public Task<int> FunctionsProcessIdAsync() =>
        (_app as WorkerApp)?.WorkerProcessIdAsync() ?? Task.FromResult(Environment.ProcessId);

    /// <summary>The secret of the demo org's key; null when nothing was seeded.</summary>
    public string? ApiKey { get; }

    /// <summary>The admin's secret, which is the host's master key too; null when the settings give its hash.</summary>
    public string? AdminKey { get; }

    /// <summary>Gets the address of the loopback upstream, own or named; null where there is none.</summary>
    public string UpstreamUrl => _options.Configuration[HostSettings.LoopbackUrl]!;

    /// <summary>Gets the issuer of the test provider; null where none was started.</summary>
    public Uri? Issuer => _parts.Provider?.Issuer;

    /// <summary>Gets the clock that can be moved; null where the host lives in real time.</summary>
    public ManualClock? Clock => _options.TimeProvider as ManualClock;

    /// <summary>
    /// Gets the embedded tables; null where the settings name a storage account, or Azurite was wanted.
    /// </summary>
    public TableDatabase? Tables => _parts.Tables;

    /// <summary>
    /// Gets the Azurite that was started; null unless it was wanted and the settings name no storage account.
    /// </summary>
    public Azurite? Azurite => _parts.Azurite;

    /// <summary>Gets the embedded broker; null where the settings name a Service Bus.</summary>
    public ServiceBusBroker? Broker => _parts.Broker;

    /// <summary>Gets the loopback upstream; null where the settings name the address of one.</summary>
    public LoopbackUpstream? Upstream => _parts.Upstream;

    /// <exception cref="LocalSetupException">Something on this machine is in the way.</exception>
    /// <exception cref="PortTakenException">Another process listens on the port.</exception>
    public static async Task<FreewayHost> StartAsync(FreewayHostOptions options, CancellationToken cancellation = default)
    {
        var settings = HostSettings.Read(options.Settings);
        var folder = DataFolder.Open(options.DataFolder);
        EmbeddedServices? parts = null;
        IFunctionHost? app = null;
        try
        {
            RequireOwnTimes(options, settings);
            new ClockNote(folder).Follow(options.TimeProvider);
            var keys = DemoKeys.LoadOrCreate(folder.Keys);
            parts = await EmbeddedServices.StartAsync(options, settings, folder, cancellation);
            var ownAdminKey = string.IsNullOrEmpty(settings[HostSettings.AdminKeyHash]);
            var hosted = AppOptions(
                options, Complete(options, settings, parts, keys), parts, ownAdminKey ? keys.AdminKey : null);
            if (options.Worker is { } worker)
            {
                options.Progress("functions: in the worker, a process of its own");
                app = await WorkerApp.StartAsync(hosted, worker, cancellation);
                await SeedFromOutsideAsync(options, hosted, app.Url, keys, ownAdminKey, cancellation);
            }
            else
            {
                var own = await FunctionApp.StartAsync(hosted, cancellation);
                app = own;
                await SeedAsync(options, own.Services, keys, cancellation);
            }

            return new FreewayHost(app, parts, hosted, keys, options.Seed, ownAdminKey);
        }
        catch
        {
            await StopAsync(app, parts, folder);
            throw;
        }
    }

    /// <summary>
    /// Runs a timer function now, apart from its schedule; ends when it has, and throws what it throws.
    /// </summary>
    /// <exception cref="ArgumentException">There is no such timer.</exception>
    public Task RunTimerAsync(string function) => _app.RunTimerAsync(function);

    /// <summary>
    /// Takes no more requests, lets what runs finish within the drain limit, then stops the parts started for it.
    /// </summary>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _stopped, 1) == 0)
        {
            await StopAsync(_app, _parts, _parts.Folder);
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private static async Task SeedAsync(
        FreewayHostOptions options, IServiceProvider services, DemoKeys keys, CancellationToken cancellation)
    {
        if (options.Seed)
        {
            await DemoSeed.WriteAsync(
                services.GetRequiredService<IKeyStore>(), services.GetRequiredService<IOrgStore>(), keys.ApiKey, cancellation);
            await DemoSeed.CreditAsync(
                services.GetRequiredService<TopUps>(), options.TimeProvider.GetUtcNow(), cancellation);
        }
    }

    /// <summary>
    /// The key goes into the tables, and the credit through the front door: its ledger is the worker's.
    /// </summary>
    private static async Task SeedFromOutsideAsync(
        FreewayHostOptions options, FunctionAppOptions hosted, Uri url, DemoKeys keys, bool ownAdminKey,
        CancellationToken cancellation)
    {
        if (!options.Seed)
        {
            return;
        }

        var services = new ServiceCollection().AddLogging().AddFreeway(hosted.Configuration);
        await using var provider = services.BuildServiceProvider();
        await DemoSeed.WriteAsync(
            provider.GetRequiredService<IKeyStore>(), provider.GetRequiredService<IOrgStore>(), keys.ApiKey, cancellation);
        if (ownAdminKey)
        {
            await DemoSeed.CreditAsync(url, keys.AdminKey, cancellation);
        }
    }

    private static async Task StopAsync(IFunctionHost? app, EmbeddedServices? parts, DataFolder folder)
    {
        try
        {
            if (app is not null)
            {
                await app.DisposeAsync();
            }
        }
        finally
        {
            if (parts is not null)
            {
                await parts.DisposeAsync();
            }

            folder.Dispose();
        }
    }

    /// <summary>
    /// Others who share tables or a queue live in real time, and would take played rows for their own.
    /// </summary>
    private static void RequireOwnTimes(FreewayHostOptions options, IConfiguration settings)
    {
        if (options.TimeProvider is not ManualClock)
        {
            return;
        }

        if (options.Worker is not null)
        {
            throw new LocalSetupException("--clock does not go with --worker: the worker lives in real time.");
        }

        if (HostSettings.NamesStorage(settings) || HostSettings.NamesServiceBus(settings) || options.UseAzurite)
        {
            throw new LocalSetupException(
                "--clock needs the embedded tables and broker, whose times it sets: leave out --azurite, and unset "
                + $"{HostSettings.Storage} and {HostSettings.ServiceBus}.");
        }
    }

    /// <summary>The given settings, and those that point at the parts which were started.</summary>
    private static IConfigurationRoot Complete(FreewayHostOptions options, IConfiguration given, EmbeddedServices parts, DemoKeys keys)
    {
        var settings = new Dictionary<string, string?>(given.AsEnumerable(), StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in parts.Settings)
        {
            settings[name] = value;
        }

        settings.TryAdd(HostSettings.ActivityQueue, EmbeddedServices.DefaultQueue);
        settings.TryAdd(HostSettings.AllowPrivateReceivers, "true");
        settings.TryAdd(HostSettings.AdminKeyHash, KeyHash.Of(keys.AdminKey).Hex);
        if (options.CataloguePath is { } path)
        {
            settings[HostSettings.CataloguePath] = Path.GetFullPath(path);
        }

        return HostSettings.Read(settings);
    }

    private static FunctionAppOptions AppOptions(
        FreewayHostOptions options, IConfiguration settings, EmbeddedServices parts, string? masterKey) => new()
        {
            Assemblies = options.FunctionAssemblies ?? [typeof(FreewayFunctions).Assembly],
            Configuration = settings,
            HostFile = options.HostFile
                ?? HostFile.Load(Path.Combine(options.Worker ?? AppContext.BaseDirectory, "host.json"), settings),
            RouteOrder = options.RouteOrder,
            Bind = options.Bind,
            Port = options.Port,
            DataFolder = parts.Folder.Root,
            TimeProvider = options.TimeProvider,
            Keys = new HostKeys(Master: masterKey, MasterHash: settings[HostSettings.AdminKeyHash]),
            RunTimers = options.RunTimers,
            RunQueues = options.RunQueues,
            DrainLimit = options.DrainLimit,
            ConfigureLogging = options.ConfigureLogging,
            ConfigureWorker = worker => worker.UseFreeway(),
            ConfigureServices = services =>
            {
                if (parts.Tables is { } tables)
                {
                    LocalTables.Register(services, tables);
                }

                services.AddSingleton(new AfterAnswerOptions(HeldForBooks)).AddFreeway(settings);
                options.ConfigureServices(services);
            },
        };
}

/// <summary>The settings that the runner itself reads or fills in.</summary>
internal static class HostSettings
{
    public const string Storage = "AzureWebJobsStorage";
    public const string ServiceBus = "ServiceBus";
    public const string ActivityQueue = "ActivityQueueName";
    public const string LoopbackUrl = "Freeway:Upstreams:loopback:BaseUrl";
    public const string AdminKeyHash = "Freeway:AdminKeyHash";
    public const string CataloguePath = "Freeway:CataloguePath";
    public const string AllowPrivateReceivers = "Freeway:Notices:AllowPrivateReceivers";

    private const string SignUp = "Freeway:SignUp:";
    private const string DefaultStorage = "UseDevelopmentStorage=true";

    /// <summary>Tells whether an existing storage account is named, by whatever means the real host knows.</summary>
    public static bool NamesStorage(IConfiguration settings) =>
        settings[Storage] is { Length: > 0 } connection
            ? !connection.Trim(';', ' ').Equals(DefaultStorage, StringComparison.OrdinalIgnoreCase)
            : settings.GetSection(Storage).GetChildren().Any();

    public static bool NamesServiceBus(IConfiguration settings) =>
        settings[ServiceBus] is { Length: > 0 } || settings.GetSection(ServiceBus).GetChildren().Any();

    public static bool NamesIssuer(IConfiguration settings) => settings[$"{SignUp}Issuer"] is { Length: > 0 };

    /// <summary>Gives the settings that open sign-up with the test provider.</summary>
    public static Dictionary<string, string> SignUpWith(TestProvider provider) => new()
    {
        [$"{SignUp}Plan"] = "fastrouter-free",
        [$"{SignUp}Issuer"] = provider.Issuer.ToString(),
        [$"{SignUp}ClientId"] = TestProvider.ClientId,
        [$"{SignUp}ClientSecret"] = TestProvider.ClientSecret,
        [$"{SignUp}ProviderName"] = "the test provider",
        [$"{SignUp}TermsVersion"] = "test-1",
        [$"{SignUp}TermsUrl"] = provider.Terms.ToString(),
    };

    public static bool NamesLoopback(IConfiguration settings) => settings[LoopbackUrl] is { Length: > 0 };

    /// <summary>
    /// Configuration from flat settings, in which <c>__</c> stands for the separator as in an environment.
    /// </summary>
    public static IConfigurationRoot Read(IEnumerable<KeyValuePair<string, string?>> settings) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings
                .GroupBy(setting => setting.Key.Replace("__", ":", StringComparison.Ordinal), StringComparer.OrdinalIgnoreCase)
                .Select(group => KeyValuePair.Create(group.Key, group.Last().Value)))
            .Build();
}
