using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Catalogue.Versions;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Inference;
using Freeway.Gateway.Inference.Metering;
using Freeway.Gateway.Inference.Relay;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Operations.Reconciliation;
using Freeway.Gateway.Plans;
using Freeway.Gateway.Upstreams;
using Freeway.Gateway.Upstreams.Routing;
using Freeway.Tests.Simulation.Ports;
using Freeway.Tests.Simulation.Scheduling;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Freeway.Tests.Simulation.World;

/// <summary>One instance of Freeway: the real domain, composed as the functions compose it, over simulated ports.</summary>
public sealed class Instance
{
    private readonly ServiceProvider _services;
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Action> _whenKilled = [];

    public Instance(SimWorld world, string name)
    {
        Process = new SimProcess(world.Scheduler, name);
        Clock = new SimClock(world.Scheduler, Process, world.Start);
        _services = Compose(world);
        Pipeline = _services.GetRequiredService<InferencePipeline>();
        Ledger = _services.GetRequiredService<RequestLedger>();
        Lease = _services.GetRequiredService<InstanceLease>();
        Ingest = _services.GetRequiredService<ActivityIngest>();
        Recovery = _services.GetRequiredService<LedgerRecovery>();
        Closer = _services.GetRequiredService<DayCloser>();
        Reconciler = _services.GetRequiredService<Reconciler>();
    }

    public SimProcess Process { get; }

    public SimClock Clock { get; }

    public InferencePipeline Pipeline { get; }

    public RequestLedger Ledger { get; }

    public InstanceLease Lease { get; }

    public ActivityIngest Ingest { get; }

    public LedgerRecovery Recovery { get; }

    public DayCloser Closer { get; }

    public Reconciler Reconciler { get; }

    /// <summary>Tells those whose connections it had.</summary>
    public void WhenKilled(Action tell) => _whenKilled.Add(tell);

    public void Kill()
    {
        Process.Kill();
        _whenKilled.ForEach(tell => tell());
    }

    /// <summary>True once it is about to end: nobody sends it anything more.</summary>
    public bool IsStopping { get; private set; }

    /// <summary>Ends what runs in it in order, as its host does, which gives it half a minute.</summary>
    public async Task StopAsync()
    {
        IsStopping = true;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30), Clock);
        _stopping.Cancel();
        foreach (var service in _services.GetServices<IHostedService>().Reverse())
        {
            await service.StopAsync(limit.Token);
        }
    }

    /// <summary>Starts what runs in the background.</summary>
    public void Start(Action<Exception> failed)
    {
        foreach (var worker in _services.GetServices<IHostedService>().OfType<PeriodicWorker>())
        {
            Process.Start(() => worker.RunAsync(_stopping.Token), error =>
            {
                if (error is not null)
                {
                    failed(error);
                }
            });
        }
    }

    private ServiceProvider Compose(SimWorld world)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
        if (world.LogTo is { } log)
        {
            services.AddSingleton<ILoggerProvider>(new NoteLogger(log, Process.Name)).AddLogging(logging => logging.SetMinimumLevel(LogLevel.Debug));
        }

        services.AddSingleton<TimeProvider>(Clock)
            .AddSingleton(new Random(world.Scheduler.Chance.Next()))
            .AddSingleton<IdSource>(new SimIds(world, Clock))
            .AddSingleton(world.LedgerOptions)
            .AddSingleton(new RelayOptions())
            .AddSingleton(Options.Create(new RelayOptions()))
            .AddSingleton(new UpstreamOptions())
            .AddSingleton(new OutputOptions { LeastCeiling = 20 })
            .AddSingleton(new ActivityIngestOptions { Patience = TimeSpan.FromSeconds(world.Seed % 3 is 0 ? 10 : 240) })
            // As the in-process host has it, and as the worker has it.
            .AddSingleton(new AfterAnswerOptions(world.Seed % 2 is 0 ? TimeSpan.FromSeconds(0.5) : null))
            .AddSingleton(new BootstrapKey(null))
            .AddSingleton<ILedgerStore>(new SimLedgerStore(world.Network, Process, world.Ledger, world.Disk))
            .AddSingleton<IInstanceStore>(new SimInstanceStore(world.Network, Process, world.Instances, world.Model))
            .AddSingleton<IActivityStore>(new SimActivityStore(world.Network, Process, world.Activity, world.Touch))
            .AddSingleton<IUsageStore>(new SimUsageStore(world.Network, Process, world.Usage))
            .AddSingleton<IRefusalStore>(new SimRefusalStore(world.Network, Process, world.Refusals))
            .AddSingleton<IResetLog>(new SimResetLog(world.Network, Process, world.Resets))
            .AddSingleton<IActivityQueue>(world.Queue.SenderOf(Process))
            .AddSingleton<IActivityBacklog>(world.Queue.BacklogOf(Process))
            .AddSingleton<IKeyStore>(new SimKeyStore(world.Network, Process, world.Callers))
            .AddSingleton<IOrgStore>(new SimOrgStore(world.Network, Process, world.Orgs))
            .AddSingleton<IUpstreamClient>(new SimUpstreams(world.Scheduler, world.Network, world.Calls, Process))
            .AddSingleton<IUpstreamBreakers, ClosedBreakers>()
            .AddSingleton<ICatalogueSource>(world.CatalogueFor(Process))
            .AddSingleton<CurrentCatalogue>()
            .AddSingleton<IPlanSource>(provider => provider.GetRequiredService<CurrentCatalogue>())
            .AddSingleton<Authenticator>()
            .AddSingleton<EndUsers>()
            .AddSingleton(world.EndUsers)
            .AddSingleton<IEndUserSaltStore>(new SimSaltStore(world.Network, Process))
            .AddHostedService<CatalogueWorker>()
            .AddMetering()
            .AddSingleton<ITokenizer, SimTokenizer>()
            .AddLedger()
            .AddRoutes()
            .AddActivityLog()
            .AddReconciliation()
            .AddSingleton<IResponseStore, NoResponses>()
            .AddInference();
        // Purges and the daily comparison are run by themselves.
        services.RemoveAll<IDayClosingStep>().RemoveAll<IAlarm>();
        return services.BuildServiceProvider();
    }

    /// <summary>No request here asks for the response cache.</summary>
    private sealed class NoResponses : IResponseStore
    {
        public Task<StoredResponse?> FindAsync(ResponseKey key, CancellationToken cancellation) =>
            throw new NotSupportedException();

        public Task SaveAsync(
            ResponseKey key, StoredResponse response, int most, CancellationToken cancellation) =>
            throw new NotSupportedException();

        public Task DropAsync(string org, string keyId, CancellationToken cancellation) =>
            throw new NotSupportedException();

        public Task<int> PurgeAsync(DateTimeOffset now, CancellationToken cancellation) =>
            throw new NotSupportedException();
    }

    private sealed class SimIds(SimWorld world, TimeProvider clock) : IdSource(clock)
    {
        public override string Next() => world.NextId();
    }

    private sealed class NoteLogger(Action<string> log, string name) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public void Dispose()
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log($"{name} {logLevel}: {formatter(state, exception)}{(exception is null ? "" : " " + exception)}");
    }
}
