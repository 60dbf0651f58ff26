using System.Globalization;
using System.Text;
using Freeway.Gateway.Catalogue.Format;
using Freeway.Gateway.Catalogue.Versions;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Operations.Reconciliation;
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

    private readonly List<Instance> _fleet = [];
    private readonly List<string> _violations = [];
    private readonly Trouble _trouble;
    private readonly List<(TimeSpan At, string Request)> _touched = [];
    private readonly HashSet<string> _lost = new(StringComparer.Ordinal);
    private int _ids;

    /// <param name="seed">Names the run, with the kind of run.</param>
    /// <param name="scenario">Of <see cref="Scenarios"/>; null draws one.</param>
    /// <param name="faults">Instead of those that the kind of run draws.</param>
    /// <param name="follow">Told of each step.</param>
    /// <param name="logs">Whether it is also told what the code logs.</param>
    public SimWorld(int seed, string? scenario = null, FaultPlan? faults = null, Action<string>? follow = null, bool logs = false)
    {
        Seed = seed;
        Scheduler = new Scheduler(seed) { Follow = follow };
        LogTo = logs ? follow : null;
        var (kind, drawn) = Scenarios.Draw(scenario, Scheduler.Chance);
        (Scenario, Plan) = (kind, faults ?? drawn);
        // Half of the runs see midnight.
        Start = new DateTimeOffset(2026, 11, 20, 23, Scheduler.Chance.Next(2) is 0 ? 57 : 20, 0, TimeSpan.Zero);
        Senders = new Callers(this);
        Platform = new Platform(this);
        _trouble = new Trouble(this);
        Network = new Network(Scheduler, new SimProcess(Scheduler, "services")) { Sent = _trouble.Sent };
        Queue = new SimQueue(Scheduler, Network, Touch);
        Disk = new EmbeddedDisk(what => Violated(what)) { LeftInLog = _trouble.LeftInLog };
        Model = new LedgerModel(() => Scheduler.Now, Queue.HasAccepted, Touch, what => Violated(what));
        Calls = new UpstreamCalls(what => Violated(what));
        Quotas = new QuotaHistory(() => Scheduler.Now);
        Ledger.Landed = Model.Landed;
        Ledger.Landed += Calls.Landed;
        Ledger.Landed += Quotas.Landed;
        Ledger.Landed += (_, _) => LedgerCommits++;
        Catalogue = SimCatalogue.Read(free: true);
        foreach (var org in new[] { "acme", "zeta" })
        {
            Orgs[org] = new Org(org, org);
            Callers[KeyHash.Of(org)] = new Caller(Orgs[org], new ApiKey($"key-{org}", org, org));
        }
    }

    public int Seed { get; }

    /// <summary>The kind of run.</summary>
    public string Scenario { get; }

    public DateTimeOffset Start { get; }

    public Scheduler Scheduler { get; }

    public Network Network { get; }

    /// <summary>Where embedded tables are, if the run has those.</summary>
    public EmbeddedDisk Disk { get; }

    /// <summary>How many transactions of the ledger have landed.</summary>
    public long LedgerCommits { get; private set; }

    public Action<string>? LogTo { get; }

    public LedgerModel Model { get; }

    /// <summary>What the upstreams have seen.</summary>
    public UpstreamCalls Calls { get; }

    /// <summary>What limits on requests had left, and when.</summary>
    public QuotaHistory Quotas { get; }

    public LedgerOptions LedgerOptions { get; } = new();

    /// <summary>Six end users of an org may be new in a day, as each has two counters.</summary>
    public EndUserOptions EndUsers { get; } = new() { RowsPerDay = 12 };

    public InMemoryLedgerStore Ledger { get; } = new();

    public InMemoryInstanceStore Instances { get; } = new();

    public MemoryActivityStore Activity { get; } = new();

    public MemoryUsageStore Usage { get; } = new();

    public MemoryRefusalStore Refusals { get; } = new();

    public ResetTable Resets { get; } = new();

    public SimQueue Queue { get; }

    public Dictionary<KeyHash, Caller> Callers { get; } = [];

    public Dictionary<string, Org> Orgs { get; } = new(StringComparer.Ordinal);

    /// <summary>How much goes wrong in this run while it is not calm.</summary>
    public FaultPlan Plan { get; }

    public Callers Senders { get; }

    public Platform Platform { get; }

    /// <summary>Every instance that was ever started.</summary>
    public IReadOnlyList<Instance> Fleet => _fleet;

    public CatalogueSnapshot Catalogue { get; set; }

    /// <summary>True once the faults have stopped.</summary>
    public bool IsCalm { get; private set; }

    public IReadOnlyList<SimRequest> Requests => Senders.Requests;

    public IReadOnlyList<string> Violations => _violations;

    /// <summary>Whether a power cut may have lost something that the queue had of a request.</summary>
    public bool MayBeLost(string request) => _lost.Contains(request);

    /// <summary>Whether a power cut may have lost something that the ledger had of a request.</summary>
    public bool MayBeLostInLedger(string request) => !Plan.Synced && MayBeLost(request);

    /// <summary>Whether a power cut has lost anything.</summary>
    public bool HasLost => _lost.Count > 0;

    public int Kills => _trouble.Kills;

    public int Stops => _trouble.Stops;

    /// <summary>The next id of anything, in order of time.</summary>
    public string NextId() => string.Create(CultureInfo.InvariantCulture, $"id{++_ids:D8}");

    public ICatalogueSource CatalogueFor(SimProcess process) => new SimCatalogueSource(this, process);

    /// <summary>Something of a request was written.</summary>
    public void Touch(string request)
    {
        if (Plan.PowerCuts > 0)
        {
            _touched.Add((Scheduler.Now, request));
        }
    }

    /// <summary>What was written from a moment on may be lost.</summary>
    public void Lose(TimeSpan from) => _lost.UnionWith(_touched.Where(one => one.At >= from).Select(one => one.Request));

    /// <summary>Runs it to its end.</summary>
    /// <returns>What was violated; empty where nothing was.</returns>
    public IReadOnlyList<string> Run()
    {
        (Network.Faults, Disk.Faults) = (Plan, Plan);
        for (var i = Plan.Embedded ? 1 : Scheduler.Chance.Next(1, 4); i > 0; i--)
        {
            AddInstance();
        }

        Senders.Start();
        _trouble.Draw();
        Platform.Process.Start(Platform.RunAsync, Failed);
        Scheduler.RunUntil(() => Senders.Left is 0, MostActive);
        if (Senders.Left > 0)
        {
            Scheduler.Note("world", $"{Senders.Left} callers are not done");
        }

        CalmDown();
        CheckPromptness();
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

    /// <summary>How long after the last fault a living instance has sent all its records.</summary>
    public static TimeSpan Promptly { get; } = TimeSpan.FromSeconds(25);

    private void Violated(string what)
    {
        if (_violations.Count < 5)
        {
            Scheduler.Note("VIOLATED", what);
            _violations.Add(what);
        }
    }

    internal void Failed(Exception? error)
    {
        if (error is not null)
        {
            Violated($"an exception got out: {error}");
        }
    }

    internal Instance AddInstance()
    {
        var instance = new Instance(this, $"i{_fleet.Count}");
        instance.Clock.Skew = DrawSkew();
        _fleet.Add(instance);
        if (Plan.Embedded)
        {
            var tables = new EmbeddedTables(Scheduler, instance.Process, Disk);
            Network.Embedded[instance.Process] = tables;
            instance.WhenKilled(tables.Reopen);
            instance.WhenKilled(Queue.Restart);
        }

        instance.Start(error => Failed(error));
        Scheduler.Note(instance.Process.Name, $"starts, skewed by {instance.Clock.Skew.TotalSeconds:F1} s");
        return instance;
    }

    internal TimeSpan DrawSkew() => TimeSpan.FromSeconds((Scheduler.Chance.NextDouble() - 0.5) * 2 * Plan.SkewSeconds);

    /// <summary>An instance that answers; null where there is none.</summary>
    internal Instance? AnyInstance()
    {
        var alive = _fleet.Where(instance => instance is { Process: { IsDead: false, IsFrozen: false }, IsStopping: false }).ToList();
        return alive.Count is 0 ? null : alive[Scheduler.Chance.Next(alive.Count)];
    }

    private void CalmDown()
    {
        Scheduler.Note("world", "the faults stop");
        IsCalm = true;
        (Network.Faults, Disk.Faults) = (FaultPlan.None, FaultPlan.None);
        if (Disk.IsFull)
        {
            Disk.Clear(MostActive);
        }

        Disk.IsLocked = false;
        (Network.StorageIsDown, Network.StorageIsSlow, Network.BrokerIsDown) = (false, false, false);
        foreach (var instance in _fleet.Where(instance => instance.Process is { IsDead: false, IsFrozen: true }))
        {
            instance.Process.Thaw();
        }
    }

    /// <summary>
    /// What a living instance still answers for is done soon after the last fault, by the one whose it is: nobody's daily or
    /// minutely look has to find it.
    /// </summary>
    private void CheckPromptness()
    {
        var late = Network.Underway > 0;
        Scheduler.RunUntil(() => false, Scheduler.Now + Promptly);
        var living = Fleet.Where(instance => !instance.Process.IsDead).Select(instance => instance.Lease.Instance).ToHashSet();
        var running = Requests.Where(request => !request.Ended).Select(request => request.Exchange.RequestId).ToHashSet();
        var left = Model.Rows.FirstOrDefault(
            row => living.Contains(row.Key.Instance) && !running.Contains(row.RequestId) && !IsSpare(row));
        if (!late && left is { } waits)
        {
            Violated($"{waits.RequestId} of {waits.Key.Instance} is still {(waits.Open ? "open" : "unsent")} {Promptly.TotalSeconds} s after the last fault");
        }
    }

    /// <summary>Tells whether the row only waits to be written over or deleted: the queue has its record.</summary>
    private bool IsSpare(RequestRow row) => !row.Open && Queue.HasAccepted(row.RequestId);

    private bool IsAtRest() => Unrest() is null;

    private string? Unrest() =>
        Senders.Left > 0 ? $"{Senders.Left} callers wait"
        : Requests.FirstOrDefault(request => !request.Ended && !request.WasKilled) is { } open ? $"{open.Exchange.RequestId} has no end"
        : Model.Open > 0 ? $"{Model.Open} request rows are left: {Model.Describe()}"
        : Queue.Count + Queue.PutAside > 0 ? $"{Queue.Count} messages are left"
        : null;

    private void CheckEnd()
    {
        // Counts of refusals are written every few seconds.
        Scheduler.RunUntil(() => false, Scheduler.Now + TimeSpan.FromSeconds(20));
        EndChecks.Run(this, Violated);
        if (Senders.BoughtNanos > Model.Bought("acme"))
        {
            Violated("a purchase that was confirmed is not there");
        }

        var instance = AnyInstance() ?? AddInstance();
        var now = instance.Clock.GetUtcNow();
        if (now.AddMinutes(1).Date != now.Date)
        {
            // Closing and comparison are to see the same day.
            Scheduler.RunUntil(() => false, Scheduler.Now + TimeSpan.FromMinutes(1));
        }

        var report = default(Gateway.Operations.Reconciliation.ReconciliationReport);
        // The closing of a day looks again at those before it, for records that came late.
        instance.Process.Start(
            async () =>
            {
                await instance.Closer.RunAsync(default);
                if (HasLost)
                {
                    // Counters and records lost different moments: an operator's repair brings them together.
                    Ledger.Landed = null;
                    await instance.Reconciler.RunAsync(3, repair: true, default);
                }

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

    internal Task WaitAsync(SimProcess process, TimeSpan time)
    {
        var over = new TaskCompletionSource();
        Scheduler.After(time, process, () => over.TrySetResult());
        return over.Task;
    }

    private sealed class SimCatalogueSource(SimWorld world, SimProcess process) : ICatalogueSource
    {
        public async Task<CatalogueObservation> ReadAsync(CancellationToken cancellation) =>
            new(await world.Network.ToStorageAsync(process, "look at the catalogue", () => world.Catalogue));
    }
}
