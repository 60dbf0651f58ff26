using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Operations.Reconciliation;
using Freeway.Gateway.Plans;
using Microsoft.Extensions.Logging.Abstractions;

namespace Freeway.Tests.Shared.Ledger;

/// <summary>
/// Requests of one org from admission to the closed day, over whatever stores, and the comparison of the books.
/// </summary>
/// <param name="rows">The ledger as each process reaches it; process 99 reaches it without faults.</param>
public sealed class BooksWorld(
    Func<int, ILedgerStore> rows, Func<int, IInstanceStore> instances, IActivityStore activity, IUsageStore usage, DateTimeOffset start, int seed) : IKeyStore, IDisposable
{
    public const string Org = "acme";

    public static readonly BoundLimit Daily = RaceScenario.DailyLimit(100_000, "demo/echo");
    public static readonly BoundLimit Monthly = RaceScenario.Limit(LimitUnit.Tokens, 10_000_000, LimitWindow.Month, "tokens");
    public static readonly BoundLimit Minute = RaceScenario.MinuteLimit(100_000);
    public static readonly BoundLimit AtOnce = RaceScenario.Limit(LimitUnit.ConcurrentRequests, 500, LimitWindow.None);
    public static readonly BoundLimit Ceiling = Account.OrgCeiling(1_000_000_000);

    private readonly List<LedgerProcess> _processes = [];
    private PipeQueue? _queue;
    private int _ids;

    public SharedTime Time { get; } = new(start);

    public PipeQueue Queue => _queue ??= new PipeQueue();

    public StoreChance Chance { get; } = new(seed);

    public TimeProvider Clock => new SkewedClock(Time, TimeSpan.Zero);

    public ILedgerStore Ledger => rows(99);

    public DateOnly Today => DateOnly.FromDateTime(Time.Now.UtcDateTime);

    public LedgerProcess Process(FaultRates? faults = null, TimeSpan skew = default)
    {
        var index = _processes.Count;
        var process = new LedgerProcess(rows(index), instances(index), Queue, new SkewedClock(Time, skew), (seed * 100) + index, faults);
        _processes.Add(process);
        return process;
    }

    public Reconciler Reconciler(TimeSpan? patience = null, ActivityRetention? retention = null) => new(
        this, activity, usage, Ledger, Queue, retention ?? new ActivityRetention(),
        new ReconciliationOptions { Patience = patience ?? TimeSpan.Zero, LookEvery = TimeSpan.FromMilliseconds(1) },
        new DayCloserOptions(), new DayClock(Clock, TimeProvider.System), new LastReconciliation(), NullLogger<Reconciler>.Instance);

    public Task<ReconciliationReport> CompareAsync(int days = 40, bool repair = false) => Reconciler().RunAsync(days, repair, CancellationToken.None);

    public async Task TopUpAsync(LedgerProcess process, long nanos) =>
        (await process.Ledger.TopUpAsync(Org, new Purchase($"p{Interlocked.Increment(ref _ids)}", nanos, Time.Now), CancellationToken.None)).Accepted(out _, out _).ShouldBeTrue();

    /// <summary>A request from its admission to the queue; null where it was not admitted.</summary>
    public static async Task<Reservation?> AdmitAsync(LedgerProcess process, string id, ActivityRecord draft) =>
        (await process.Ledger.ReserveAsync(Org, id, Takes(1, 30), ActivityJson.Write(draft), CancellationToken.None)).Accepted(out var reservation, out _) ? reservation : null;

    public ActivityRecord Draft(string id) => new()
    {
        Id = id,
        Time = Time.Now,
        Org = Org,
        Key = $"key-{Chance.Below(2)}",
        Endpoint = "chat/completions",
        Slug = "demo/echo",
        Model = $"demo/echo-{Chance.Below(3)}",
        Tier = "paid",
    };

    public async Task SettleAsync(LedgerProcess process, Reservation reservation, ActivityRecord draft, bool refund = false)
    {
        var tokens = refund ? 0 : Chance.Below(60);
        var row = await process.Ledger.SettleAsync(
            reservation, Takes(refund ? 0 : 1, tokens),
            booked => ActivityJson.Write(draft with
            {
                Status = 200,
                TotalTokens = tokens,
                BilledTokens = tokens,
                CostNanos = booked.Charged,
                Booked = BookedAmount.Of(reservation.Holds, booked.Amounts),
            }),
            null, CancellationToken.None);
        if (row is not null)
        {
            await process.Outbox.DeliverAsync(Org, row, CancellationToken.None);
        }
    }

    /// <summary>One request whole.</summary>
    public async Task RequestAsync(LedgerProcess process)
    {
        var id = $"r{Interlocked.Increment(ref _ids):D6}";
        var draft = Draft(id);
        if (await AdmitAsync(process, id, draft) is { } reservation)
        {
            await Chance.DawdleAsync();
            await SettleAsync(process, reservation, draft, refund: Chance.Happens(0.2));
        }
    }

    public async Task RequestsAsync(LedgerProcess process, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await RequestAsync(process);
        }
    }

    /// <summary>Writes all that is in the queue.</summary>
    public async Task DeliverAsync()
    {
        while (Queue.Count > 0)
        {
            await Queue.DeliverAsync(activity, 100);
        }
    }

    /// <summary>As the daily closing does it.</summary>
    public async Task CloseAsync(DateOnly day) => await usage.SaveAsync(Org, day, await activity.SumsAsync(Org, day, CancellationToken.None), CancellationToken.None);

    /// <summary>All processes are dead, and one healthy process finishes what they left.</summary>
    public async Task BuryAsync()
    {
        foreach (var process in _processes)
        {
            await process.Store.LandAllAsync();
        }

        Time.Jump(TimeSpan.FromMinutes(8));
        Queue.Fate = null;
        using var last = new LedgerProcess(rows(99), instances(99), Queue, Clock, 99);
        for (var left = 1; left > 0;)
        {
            await last.Recovery.RunAsync(CancellationToken.None);
            left = (await instances(99).ListAsync(CancellationToken.None)).Count;
        }
    }

    public void Dispose() => _processes.ForEach(process => process.Dispose());

    public IAsyncEnumerable<Org> ListOrgsAsync(CancellationToken cancellation) => new[] { new Org(Org, Org) }.ToAsyncEnumerable();

    public Task<Caller?> FindAsync(KeyHash hash, CancellationToken cancellation) => Task.FromResult<Caller?>(null);

    public Task SaveAsync(KeyHash hash, Caller caller, CancellationToken cancellation) => Task.CompletedTask;

    private static IReadOnlyList<Claim> Takes(long requests, long tokens) =>
    [
        new Claim(Daily, requests), new Claim(Minute, requests), new Claim(Monthly, tokens), new Claim(AtOnce, 1),
        Claim.Overage(Account.Prepaid, _ => tokens * 7), Claim.Overage(Ceiling, _ => tokens * 7),
    ];
}
