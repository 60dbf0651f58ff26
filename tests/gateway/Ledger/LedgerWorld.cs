using Freeway.Gateway.Core;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;
using Freeway.Tests.Shared.Ledger;

namespace Freeway.Gateway.Tests.Ledger;

/// <summary>One store, its audit, and as many processes as a test wants.</summary>
internal sealed class LedgerWorld : IDisposable
{
    public const string Org = "acme";

    public static readonly BoundLimit Ten = RaceScenario.DailyLimit(10);

    private readonly List<LedgerProcess> _processes = [];
    private int _ids;

    public LedgerWorld() => Audit = new LedgerAudit(Store, Time);

    public InMemoryLedgerStore Store { get; } = new();

    public InMemoryInstanceStore Instances { get; } = new();

    public InMemoryActivityQueue Queue { get; } = new();

    public LedgerAudit Audit { get; }

    public SharedTime Time { get; } = new(new DateTimeOffset(2026, 5, 29, 12, 0, 0, TimeSpan.Zero));

    public LedgerProcess Process(LedgerOptions? options = null)
    {
        var process = new LedgerProcess(Store, Instances, Queue, new SkewedClock(Time, TimeSpan.Zero), _processes.Count + 1, null, options);
        _processes.Add(process);
        return process;
    }

    public string NextId() => $"r{Interlocked.Increment(ref _ids)}";

    public Task<Result<Reservation>> AskAsync(LedgerProcess process, params BoundLimit[] limits) => AskAsync(process, CancellationToken.None, limits);

    public Task<Result<Reservation>> AskAsync(LedgerProcess process, CancellationToken cancellation, params BoundLimit[] limits)
    {
        var id = NextId();
        return process.Ledger.ReserveAsync(Org, id, [.. (limits is [] ? [Ten] : limits).Select(limit => new Claim(limit, 1))], LedgerAudit.Record(id, [0]), cancellation);
    }

    public Task<Result<Reservation>> AskAsync(LedgerProcess process, IReadOnlyList<Claim> takes, IdempotencyRow? once = null, CancellationToken cancellation = default)
    {
        var id = NextId();
        Audit.Expect(id, takes);
        return process.Ledger.ReserveAsync(Org, id, takes, LedgerAudit.Record(id, [0L]), cancellation, once);
    }

    public async Task<Reservation> AdmitAsync(LedgerProcess process, IReadOnlyList<Claim> takes, IdempotencyRow? once = null)
    {
        (await AskAsync(process, takes, once)).Accepted(out var reservation, out var refusal).ShouldBeTrue(refusal?.ToString());
        return reservation!;
    }

    public async Task<Refusal> RefuseAsync(LedgerProcess process, IReadOnlyList<Claim> takes, IdempotencyRow? once = null)
    {
        (await AskAsync(process, takes, once)).Accepted(out _, out var refusal).ShouldBeFalse();
        return refusal!;
    }

    public async Task TopUpAsync(LedgerProcess process, long nanos)
    {
        (await process.Ledger.TopUpAsync(Org, new Purchase(NextId(), nanos, Time.Now), CancellationToken.None)).Accepted(out _, out _).ShouldBeTrue();
    }

    public static Task<RequestRow?> SettleAsync(LedgerProcess process, Reservation reservation, IReadOnlyList<Claim> used, RequestOutcome? outcome = null) =>
        process.Ledger.SettleAsync(reservation, used, booked => LedgerAudit.Record(reservation.RequestId, booked.Amounts), outcome, CancellationToken.None);

    public QuotaRow Account => Quota(Gateway.Plans.Account.Prepaid);

    public async Task<Reservation> AdmitAsync(LedgerProcess process, params BoundLimit[] limits)
    {
        (await AskAsync(process, limits)).Accepted(out var reservation, out var refusal).ShouldBeTrue(refusal?.ToString());
        return reservation!;
    }

    public async Task<Refusal> RefuseAsync(LedgerProcess process, params BoundLimit[] limits)
    {
        (await AskAsync(process, limits)).Accepted(out _, out var refusal).ShouldBeFalse();
        return refusal!;
    }

    public static Task<RequestRow?> SettleAsync(LedgerProcess process, Reservation reservation, params long[] used)
    {
        long[] amounts = used is [] ? [.. reservation.Holds.Select(hold => hold.Amount)] : used;
        return process.Ledger.SettleAsync(reservation, amounts, LedgerAudit.Record(reservation.RequestId, amounts), CancellationToken.None);
    }

    public QuotaRow Quota(BoundLimit? limit = null) =>
        Store.Quota(Org, new QuotaKey((limit ?? Ten).Source, (limit ?? Ten).Subject)) ?? QuotaRow.Absent(new QuotaKey((limit ?? Ten).Source, (limit ?? Ten).Subject));

    public IReadOnlyList<RequestRow> Requests => Store.Requests(Org);

    public void Dispose()
    {
        _processes.ForEach(process => process.Dispose());
        Audit.Errors.ShouldBeEmpty();
    }
}
