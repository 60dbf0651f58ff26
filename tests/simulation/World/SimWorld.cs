using System.Globalization;
using System.Text;
using Freeway.Gateway.Catalogue;
using Freeway.Gateway.Catalogue.Versions;
using Freeway.Gateway.Keys;
using Freeway.Gateway.Ledger;
using Freeway.Tests.Shared;
using Freeway.Tests.Shared.Ledger;
using Freeway.Tests.Simulation.Checks;
using Freeway.Tests.Simulation.Ports;
using Freeway.Tests.Simulation.Scheduling;

namespace Freeway.Tests.Simulation.World;

/// <summary>
/// One run: instances, callers, services and what goes wrong between them, all drawn from a seed. It ends when the faults
/// have stopped and everything has come to rest, or has not in time, which is a violation.
/// </summary>
public sealed class SimWorld
{
    private static readonly TimeSpan MostActive = TimeSpan.FromMinutes(12);

    private readonly SimProcess _clients;
    private readonly SimProcess _operations;
    private readonly List<Instance> _instances = [];
    private readonly Dictionary<SimProcess, List<Action>> _killed = [];
    private readonly List<SimRequest> _requests = [];
    private readonly HashSet<string> _bought = [];
    private readonly List<string> _violations = [];
    private readonly FaultPlan _faults;
    private CatalogueSnapshot _catalogue;
    private int _ids;
    private int _callersLeft;
    private bool _calm;

    public SimWorld(int seed, FaultPlan? faults = null, Action<string>? follow = null, bool logs = false)
    {
        Seed = seed;
        Scheduler = new Scheduler(seed) { Follow = follow };
        LogTo = logs ? follow : null;
        _faults = faults ?? FaultPlan.Draw(Scheduler.Chance);
        // Half of the runs see midnight.
        Start = new DateTimeOffset(2026, 11, 20, 23, Scheduler.Chance.Next(2) is 0 ? 57 : 20, 0, TimeSpan.Zero);
        _clients = new SimProcess(Scheduler, "clients");
        _operations = new SimProcess(Scheduler, "operations");
        Network = new Network(Scheduler, new SimProcess(Scheduler, "services"));
        Queue = new SimQueue(Scheduler, Network) { Start = Start };
        Model = new LedgerModel(what => Violated(what));
        Ledger.Landed = Model.Landed;
        _catalogue = SimCatalogue.Read(free: true);
        foreach (var org in new[] { "acme", "zeta" })
        {
            Orgs[org] = new Org(org, org);
            Callers[KeyHash.Of(org)] = new Caller(Orgs[org], new ApiKey($"key-{org}", org, org));
        }
    }

    public int Seed { get; }

    public DateTimeOffset Start { get; }

    public Scheduler Scheduler { get; }

    public Network Network { get; }

    public Action<string>? LogTo { get; }

    public LedgerModel Model { get; }

    public LedgerOptions LedgerOptions { get; } = new();

    public InMemoryLedgerStore Ledger { get; } = new();

    public InMemoryInstanceStore Instances { get; } = new();

    public MemoryActivityStore Activity { get; } = new();

    public MemoryUsageStore Usage { get; } = new();

    public MemoryRefusalStore Refusals { get; } = new();

    public ResetTable Resets { get; } = new();

    public SimQueue Queue { get; }

    public Dictionary<KeyHash, Caller> Callers { get; } = [];

    public Dictionary<string, Org> Orgs { get; } = new(StringComparer.Ordinal);

    public IReadOnlyList<SimRequest> Requests => _requests;

    public IReadOnlyList<string> Violations => _violations;

    public int Kills { get; private set; }

    /// <summary>The next id of anything, in order of time.</summary>
    public string NextId() => string.Create(CultureInfo.InvariantCulture, $"id{++_ids:D8}");

    public ICatalogueSource CatalogueFor(SimProcess process) => new SimCatalogueSource(this, process);

    /// <summary>Runs it to its end.</summary>
    /// <returns>What was violated; empty where nothing was.</returns>
    public IReadOnlyList<string> Run()
    {
        Network.Faults = _faults;
        for (var i = Scheduler.Chance.Next(1, 4); i > 0; i--)
        {
            AddInstance();
        }

        StartCallers();
        PlanTrouble();
        _operations.Start(OperateAsync, Failed);
        Scheduler.RunUntil(() => _callersLeft is 0, MostActive);
        if (_callersLeft > 0)
        {
            Scheduler.Note("world", $"{_callersLeft} callers are not done");
        }

        CalmDown();
        var restBy = Scheduler.Now + LedgerOptions.StaleAfter + RestWithin;
        if (!Scheduler.RunUntil(IsAtRest, restBy))
        {
            Violated($"not at rest: {Unrest()}");
        }
        else
        {
            CheckEnd();
        }

        Scheduler.IsOver = true;
        return _violations;
    }

    /// <summary>How long after the last fault everything has come to rest.</summary>
    public static TimeSpan RestWithin { get; } = TimeSpan.FromMinutes(30);

    private void Violated(string what)
    {
        if (_violations.Count < 5)
        {
            Scheduler.Note("VIOLATED", what);
            _violations.Add(what);
        }
    }

    private void Failed(Exception? error)
    {
        if (error is not null)
        {
            Violated($"an exception got out: {error}");
        }
    }

    private Instance AddInstance()
    {
        var instance = new Instance(this, $"i{_instances.Count}");
        instance.Clock.Skew = TimeSpan.FromSeconds((Scheduler.Chance.NextDouble() - 0.5) * 2 * _faults.SkewSeconds);
        _killed[instance.Process] = [];
        _instances.Add(instance);
        instance.Start(error => Failed(error));
        Scheduler.Note(instance.Process.Name, $"starts, skewed by {instance.Clock.Skew.TotalSeconds:F1} s");
        return instance;
    }

    private Instance? AnyInstance()
    {
        var alive = _instances.Where(instance => !instance.Process.IsDead && !instance.Process.IsFrozen).ToList();
        return alive.Count is 0 ? null : alive[Scheduler.Chance.Next(alive.Count)];
    }

    private void StartCallers()
    {
        var callers = Scheduler.Chance.Next(2, 13);
        _callersLeft = callers;
        for (var caller = 0; caller < callers; caller++)
        {
            var (org, requests) = (Scheduler.Happens(0.8) ? "acme" : "zeta", Scheduler.Chance.Next(10, 90));
            _clients.Start(() => CallAsync(org, requests), error =>
            {
                _callersLeft--;
                Failed(error);
            });
        }

        for (var purchase = 0; purchase < _faults.TopUps; purchase++)
        {
            var id = $"purchase-{purchase}";
            _clients.Start(() => BuyAsync(id), Failed);
        }
    }

    private async Task CallAsync(string org, int requests)
    {
        for (var i = 0; i < requests; i++)
        {
            await WaitAsync(_clients, Scheduler.Between(0, 3000));
            var body = Encoding.UTF8.GetBytes(SimCatalogue.Request(Scheduler.Chance));
            var key = Scheduler.Happens(_faults.CallerRepeats) ? NextId() : null;
            for (var again = 0; again is 0 || (key is not null && again < 3 && Scheduler.Happens(0.5)); again++)
            {
                await SendAsync(org, body, key);
            }
        }
    }

    private async Task SendAsync(string org, byte[] body, string? key)
    {
        if (AnyInstance() is not { } instance)
        {
            return;
        }

        var exchange = new SimExchange(Scheduler, instance.Process, NextId(), org, body, key, reads: !Scheduler.Happens(_faults.CallerLeaves / 4));
        var request = new SimRequest(org, exchange, key);
        _requests.Add(request);
        var answered = new TaskCompletionSource();
        instance.Process.Start(() => instance.Pipeline.RunAsync(exchange), error =>
        {
            request.Ended = true;
            // A caller who has left is told nothing.
            request.HasLeft = error is OperationCanceledException && exchange.CallerGone.IsCancellationRequested;
            request.Error = request.HasLeft ? null : error;
            Scheduler.Enqueue(new Step(_clients, () => answered.TrySetResult(), IsEvent: true));
        });
        _killed[instance.Process].Add(() =>
        {
            if (!request.Ended)
            {
                request.WasKilled = true;
                Scheduler.Enqueue(new Step(_clients, () => answered.TrySetResult(), IsEvent: true));
            }
        });
        // A caller whose connection no longer answers gives up some day; a frozen instance hears of it when it goes on.
        var patience = Scheduler.Happens(_faults.CallerLeaves) ? Scheduler.Between(1, 5000) : TimeSpan.FromSeconds(90);
        Scheduler.After(patience, instance.Process, exchange.Leave);
        Scheduler.After(patience, _clients, () => answered.TrySetResult());
        await answered.Task;
        Scheduler.Note("clients", $"{exchange.RequestId} of {org} at {instance.Process.Name}: {request}");
    }

    private async Task BuyAsync(string id)
    {
        await WaitAsync(_clients, Scheduler.Between(0, 60_000));
        for (var tries = 0; tries < 20; tries++)
        {
            if (AnyInstance() is { } instance)
            {
                var done = new TaskCompletionSource<bool>();
                instance.Process.Start(
                    async () =>
                    {
                        var purchase = new Purchase(id, 50_000, instance.Clock.GetUtcNow());
                        var bought = (await instance.Ledger.TopUpAsync("acme", purchase, default)).Accepted(out _, out _);
                        Scheduler.Enqueue(new Step(_clients, () => done.TrySetResult(bought), IsEvent: true));
                    },
                    error => Scheduler.Enqueue(new Step(_clients, () => done.TrySetResult(error is null), IsEvent: true)));
                _killed[instance.Process].Add(() => Scheduler.Enqueue(new Step(_clients, () => done.TrySetResult(false), IsEvent: true)));
                if (await done.Task)
                {
                    _bought.Add(id);
                    return;
                }
            }

            await WaitAsync(_clients, Scheduler.Between(100, 5000));
        }
    }

    /// <summary>What the platform does: timers, the queue's trigger, and instances that are started anew.</summary>
    private async Task OperateAsync()
    {
        var nextRecovery = TimeSpan.FromSeconds(30);
        var lastDay = Start.Date;
        while (true)
        {
            await WaitAsync(_operations, Scheduler.Between(20, 2000));
            if (!_instances.Exists(instance => !instance.Process.IsDead) || (_instances.Count(instance => !instance.Process.IsDead) < 2 && Scheduler.Happens(0.05)))
            {
                AddInstance();
            }

            if (_calm && Queue.PutAside > 0)
            {
                Queue.Replay();
            }

            if (AnyInstance() is not { } instance)
            {
                continue;
            }

            if (Queue.Receive(instance.Process, 32) is { Count: > 0 } deliveries)
            {
                instance.Process.Start(() => instance.Ingest.RunAsync(deliveries, default), Failed);
            }

            if (Scheduler.Now >= nextRecovery)
            {
                nextRecovery = Scheduler.Now + TimeSpan.FromMinutes(Scheduler.Happens(0.2) ? 0.02 : 1);
                instance.Process.Start(() => instance.Recovery.RunAsync(default), ExceptOutages);
            }

            if ((Start + Scheduler.Now).Date != lastDay)
            {
                // Late, twice, beside another.
                lastDay = Scheduler.Happens(0.5) ? (Start + Scheduler.Now).Date : lastDay;
                instance.Process.Start(() => instance.Closer.RunAsync(default), ExceptOutages);
            }
        }
    }

    private void ExceptOutages(Exception? error) => Failed(error is IOException or OperationCanceledException ? null : error);

    private void PlanTrouble()
    {
        var busy = TimeSpan.FromMinutes(3);
        TimeSpan Sometime() => busy * Scheduler.Chance.NextDouble();
        for (var i = 0; i < _faults.Kills; i++)
        {
            Scheduler.After(Sometime(), _operations, Kill);
        }

        for (var i = 0; i < _faults.Freezes; i++)
        {
            Scheduler.After(Sometime(), _operations, Freeze);
        }

        for (var i = 0; i < _faults.StorageOutages; i++)
        {
            Span(Sometime(), Scheduler.Between(2000, 150_000), on => Network.StorageIsDown = on, "storage is down");
        }

        for (var i = 0; i < _faults.BrokerOutages; i++)
        {
            Span(Sometime(), Scheduler.Between(2000, 150_000), on => Network.BrokerIsDown = on, "broker is down");
        }

        for (var i = 0; i < _faults.SlowSpans; i++)
        {
            Span(Sometime(), Scheduler.Between(1000, 30_000), on => Network.StorageIsSlow = on, "storage is slow");
        }

        for (var i = 0; i < _faults.CatalogueChanges; i++)
        {
            var free = Scheduler.Happens(0.5);
            Scheduler.After(Sometime(), _operations, () => _catalogue = SimCatalogue.Read(free));
        }

        if (_faults.SkewSeconds > 0)
        {
            Scheduler.After(Sometime(), _operations, () =>
            {
                if (AnyInstance() is { } instance)
                {
                    instance.Clock.Skew = TimeSpan.FromSeconds((Scheduler.Chance.NextDouble() - 0.5) * 2 * _faults.SkewSeconds);
                    Scheduler.Note(instance.Process.Name, $"clock set to a skew of {instance.Clock.Skew.TotalSeconds:F1} s");
                }
            });
        }
    }

    private void Span(TimeSpan from, TimeSpan lasts, Action<bool> set, string what)
    {
        Scheduler.After(from, _operations, () =>
        {
            Scheduler.Note("world", $"{what} for {lasts.TotalSeconds:F0} s");
            set(!_calm);
        });
        Scheduler.After(from + lasts, _operations, () => set(false));
    }

    private void Kill()
    {
        if (!_calm && AnyInstance() is { } instance)
        {
            Kills++;
            Scheduler.Note(instance.Process.Name, "is killed");
            instance.Process.Kill();
            _killed[instance.Process].ForEach(tell => tell());
        }
    }

    private void Freeze()
    {
        if (!_calm && AnyInstance() is { } instance)
        {
            var lasts = Scheduler.Between(500, 200_000);
            Scheduler.Note(instance.Process.Name, $"is frozen for {lasts.TotalSeconds:F0} s");
            instance.Process.Freeze();
            Scheduler.After(lasts, _operations, () =>
            {
                if (!instance.Process.IsDead)
                {
                    Scheduler.Note(instance.Process.Name, "goes on");
                    instance.Process.Thaw();
                }
            });
        }
    }

    private void CalmDown()
    {
        Scheduler.Note("world", "the faults stop");
        _calm = true;
        Network.Faults = FaultPlan.None;
        (Network.StorageIsDown, Network.StorageIsSlow, Network.BrokerIsDown) = (false, false, false);
        foreach (var instance in _instances.Where(instance => instance.Process is { IsDead: false, IsFrozen: true }))
        {
            instance.Process.Thaw();
        }
    }

    private bool IsAtRest() => Unrest() is null;

    private string? Unrest() =>
        _callersLeft > 0 ? $"{_callersLeft} callers wait"
        : _requests.Find(request => !request.Ended && !request.WasKilled) is { } open ? $"{open.Exchange.RequestId} has no end"
        : Model.Open > 0 ? $"{Model.Open} request rows are left: {Model.Describe()}"
        : Queue.Count + Queue.PutAside > 0 ? $"{Queue.Count} messages are left"
        : null;

    private void CheckEnd()
    {
        EndChecks.Run(this, Violated);
        if (_bought.Count * 50_000L > Model.Bought("acme"))
        {
            Violated("a purchase that was confirmed is not there");
        }

        var instance = AnyInstance() ?? AddInstance();
        var report = default(Gateway.Reconciliation.ReconciliationReport);
        // The closing of a day looks again at those before it, for records that came late.
        instance.Process.Start(
            async () =>
            {
                await instance.Closer.RunAsync(default);
                report = await instance.Reconciler.RunAsync(3, repair: false, default);
            },
            Failed);
        if (!Scheduler.RunUntil(() => report is not null || _violations.Count > 0, Scheduler.Now + TimeSpan.FromMinutes(5)))
        {
            Violated("the comparison of the books has no end");
        }
        else if (report is { Drift: > 0 } or { InFlight: > 0 })
        {
            Violated($"the books drift: {string.Join("; ", report!.Differences.Take(3))}");
        }
    }

    private Task WaitAsync(SimProcess process, TimeSpan time)
    {
        var over = new TaskCompletionSource();
        Scheduler.After(time, process, () => over.TrySetResult());
        return over.Task;
    }

    private sealed class SimCatalogueSource(SimWorld world, SimProcess process) : ICatalogueSource
    {
        public async Task<CatalogueSight> LookAsync(CancellationToken cancellation) =>
            new(await world.Network.ToStorageAsync(process, "look at the catalogue", () => world._catalogue));
    }
}
