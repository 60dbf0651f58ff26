using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Operations.Reconciliation;
using Freeway.Gateway.Plans;
using Freeway.Tests.Shared;
using Freeway.Tests.Shared.Ledger;

namespace Freeway.Gateway.Tests.Operations.Reconciliation;

/// <summary>What the comparison of the books finds, and what it leaves alone.</summary>
public sealed class ReconcilerTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 5, 29, 12, 0, 0, TimeSpan.Zero);

    private readonly InMemoryLedgerStore _ledger = new();
    private readonly InMemoryInstanceStore _instances = new();
    private readonly MemoryActivityStore _activity = new();
    private readonly MemoryUsageStore _usage = new();
    private readonly BooksWorld _world;

    public ReconcilerTests() => _world = new BooksWorld(_ => _ledger, _ => _instances, _activity, _usage, Start, seed: 1);

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Books_OfRequestsThatAreAllWritten_AgreeToTheLastFigure()
    {
        await WorkAsync(40);

        var report = await _world.CompareAsync();

        report.ShouldBeClean();
        (report.InFlight, report.Busy, report.Failed).ShouldBe((0, 0, 0));
        report.Checked.ShouldBeGreaterThanOrEqualTo(5);
    }

    [Fact]
    public async Task Books_WithRecordsOnTheirWay_AreInFlightAndNoDrift()
    {
        var process = await WorkAsync(10);
        await _world.RequestsAsync(process, 5);
        _world.Queue.Count.ShouldBe(5);

        var queued = await _world.CompareAsync();

        queued.Drift.ShouldBe(0);
        queued.InFlight.ShouldBeGreaterThan(0);
        await _world.DeliverAsync();
        (await _world.CompareAsync()).ShouldBeClean();
    }

    [Fact]
    public async Task Books_WithRecordsInTheOutbox_AgreeWithThem()
    {
        var process = await WorkAsync(10);
        _world.Queue.Down = true;
        await _world.RequestsAsync(process, 5);
        _ledger.Requests(BooksWorld.Org).Count.ShouldBe(5);
        _world.Queue.Down = false;

        var report = await _world.CompareAsync();

        report.ShouldBeClean();
        report.InFlight.ShouldBe(0);
    }

    [Fact]
    public async Task Books_WithTheBrokerOutOfReach_AreNotCalledTooHigh()
    {
        var process = await WorkAsync(10);
        await _world.RequestsAsync(process, 3);
        _world.Queue.Down = true;

        (await _world.CompareAsync()).ShouldBeClean();
    }

    [Fact]
    public async Task Books_WithOpenRequests_AgreeOnWhatTheyHold()
    {
        var process = await WorkAsync(10);
        var draft = _world.Draft("open");
        var reservation = await BooksWorld.AdmitAsync(process, "open", draft);

        (await _world.CompareAsync()).ShouldBeClean();

        await _world.SettleAsync(process, reservation!, draft);
        await _world.DeliverAsync();
        (await _world.CompareAsync()).ShouldBeClean();
    }

    [Theory]
    [InlineData(7)]
    [InlineData(-3)]
    public async Task Counter_ThatIsWrong_IsDriftAndRepairedToWhatTheRecordsSay(long by)
    {
        await WorkAsync(20);
        var right = Row(BooksWorld.Daily);
        await PutAsync(right with { Used = right.Used + by });

        var found = await _world.CompareAsync();
        var repaired = await _world.CompareAsync(repair: true);

        var difference = found.Differences.ShouldHaveSingleItem();
        (difference.Book, difference.Figure, difference.Stored, difference.Expected, difference.Certainty, difference.Repaired)
            .ShouldBe((BookKind.Counter, "used", right.Used + by, right.Used, Certainty.Drift, false));
        (difference.Subject, difference.Window).ShouldBe(("fastrouter-free.daily|demo/echo", "2026-05-29"));
        repaired.Differences.ShouldHaveSingleItem().Repaired.ShouldBeTrue();
        Row(BooksWorld.Daily).Used.ShouldBe(right.Used);
        (await _world.CompareAsync()).ShouldBeClean();
    }

    [Fact]
    public async Task Reservation_ThatNobodyHolds_IsDriftAndGivenBack()
    {
        await WorkAsync(5);
        var right = Row(BooksWorld.Monthly);
        await PutAsync(right with { Reserved = right.Reserved + 30 });

        (await _world.CompareAsync(repair: true)).Differences.ShouldHaveSingleItem().Figure.ShouldBe("reserved");

        Row(BooksWorld.Monthly).Reserved.ShouldBe(0);
        (await _world.CompareAsync()).ShouldBeClean();
    }

    [Fact]
    public async Task Account_ThatIsWrong_IsDriftInWhatWasSpentAndWhatWasBought()
    {
        await WorkAsync(20);
        var right = Row(Account.Prepaid);
        await PutAsync(right with { Used = right.Used + 5, Limit = right.Limit + 11 });

        var report = await _world.CompareAsync(repair: true);

        report.Differences.Select(one => (one.Book, one.Figure, one.Stored - one.Expected)).ShouldBe(
            [(BookKind.Account, "bought", 11L), (BookKind.Account, "used", 5L)], ignoreOrder: true);
        Row(Account.Prepaid).ShouldBe(right with { ETag = Row(Account.Prepaid).ETag });
    }

    [Fact]
    public async Task Account_OfDaysWhoseRecordsAreGone_IsHeldAgainstTheirSums()
    {
        await WorkAsync(5);
        var old = new DateOnly(2024, 2, 3);
        await _usage.SaveAsync(BooksWorld.Org, old, [new DailyUsage(BooksWorld.Org, old, "m", "paid", "k") { Requests = 3, CostNanos = 1000 }], default);
        var row = Row(Account.Prepaid);
        await PutAsync(row with { Used = row.Used + 1000 });

        (await _world.CompareAsync()).ShouldBeClean();
    }

    [Fact]
    public async Task Record_ThatWasLost_IsDriftInEveryCounterItTookFrom()
    {
        var process = await WorkAsync(10);
        do
        {
            await _world.RequestAsync(process);
        }
        while (_world.Queue.Count is 0);
        while (_world.Queue.Lose().CostNanos is 0)
        {
            await _world.RequestAsync(process);
        }

        // Until its row is deleted or written over, the ledger has the record too.
        await process.Ledger.DrainAsync(CancellationToken.None);
        var report = await _world.CompareAsync();

        report.Drift.ShouldBeGreaterThanOrEqualTo(4);
        report.Differences.ShouldAllBe(one => one.Stored > one.Expected && one.Certainty == Certainty.Drift);
        report.Differences.Select(one => one.Book).Distinct().ShouldBe([BookKind.Counter, BookKind.Account], ignoreOrder: true);
    }

    [Fact]
    public async Task Sum_ThatIsWrong_IsDriftAndRepairedWithTheClosedDay()
    {
        await WorkAsync(10);
        _world.Time.Jump(TimeSpan.FromDays(1));
        var day = _world.Today.AddDays(-1);
        await _world.CloseAsync(day);
        (await _world.CompareAsync()).ShouldBeClean();
        var sum = (await _activity.SumsAsync(BooksWorld.Org, day, default))[0];
        (await _activity.TryCorrectAsync(sum with { Requests = sum.Requests + 1, TotalTokens = 9 }, sum, default)).ShouldBeTrue();
        await _world.CloseAsync(day);

        var report = await _world.CompareAsync(repair: true);

        report.Differences.Select(one => (one.Book, one.Figure)).ShouldBe(
            [(BookKind.Sums, "requests"), (BookKind.Sums, "total_tokens"), (BookKind.ClosedDay, "requests"), (BookKind.ClosedDay, "total_tokens")], ignoreOrder: true);
        report.Differences.ShouldAllBe(one => one.Repaired);
        (await _activity.SumsAsync(BooksWorld.Org, day, default)).ShouldContain(sum);
        (await _world.CompareAsync()).ShouldBeClean();
    }

    [Fact]
    public async Task ClosedDay_WithRecordsThatCameLate_WaitsForTheNextClosing()
    {
        var process = await WorkAsync(10);
        await _world.RequestsAsync(process, 2);
        _world.Time.Jump(TimeSpan.FromDays(1));
        await _world.CloseAsync(_world.Today.AddDays(-1));
        await _world.DeliverAsync();

        var late = await _world.CompareAsync();

        late.ShouldBeClean();
        late.Differences.ShouldAllBe(one => one.Book == BookKind.ClosedDay && one.Certainty == Certainty.InFlight);
        late.InFlight.ShouldBeGreaterThan(0);
        await _world.CloseAsync(_world.Today.AddDays(-1));
        (await _world.CompareAsync()).InFlight.ShouldBe(0);
    }

    [Fact]
    public async Task ClosedDay_ClosedWithALateRecordWhileItIsCompared_IsNoDriftAndKeepsIt()
    {
        var usage = new InterruptedUsageStore(_usage);
        using var world = new BooksWorld(_ => _ledger, _ => _instances, _activity, usage, Start, seed: 1);
        var process = world.Process();
        await world.TopUpAsync(process, 1_000_000);
        await world.RequestsAsync(process, 2);
        world.Time.Jump(TimeSpan.FromDays(1));
        var day = world.Today.AddDays(-1);
        usage.BeforeItIsListed = async () =>
        {
            await world.DeliverAsync();
            await world.CloseAsync(day);
        };

        var report = await world.CompareAsync(repair: true);

        report.ShouldBeClean();
        report.Repaired.ShouldBe(0);
        (await usage.ListAsync(BooksWorld.Org, day, day, default)).Sum(sum => sum.Requests).ShouldBe(2);
    }

    [Fact]
    public async Task Counter_WhoseRecordsDoNotSayWhatTheyTook_IsNotChecked()
    {
        await WorkAsync(5);
        await _activity.AppendAsync(BooksWorld.Org, [ActivitySamples.Record(1, _world.Time.Now)], default);

        var report = await _world.CompareAsync(repair: true);

        report.ShouldBeClean();
        report.Unchecked.ShouldBeGreaterThanOrEqualTo(3);
    }

    [Fact]
    public async Task Counter_WhoseWindowBeganBeforeTheDays_IsNotChecked()
    {
        await WorkAsync(5);
        var wrong = Row(BooksWorld.Monthly);
        await PutAsync(wrong with { Used = wrong.Used + 1 });

        (await _world.CompareAsync(days: 2)).ShouldBeClean();
        (await _world.CompareAsync(days: 29)).Drift.ShouldBe(1);
    }

    [Fact]
    public async Task Books_OverMidnight_AgreeInTheWindowsOfBothDays()
    {
        _world.Time.Jump(new DateTimeOffset(2026, 5, 31, 23, 59, 59, TimeSpan.Zero).AddMilliseconds(900) - _world.Time.Now);
        var process = await WorkAsync(0);
        while (_world.Today == new DateOnly(2026, 5, 31))
        {
            await _world.RequestAsync(process);
        }

        await _world.RequestsAsync(process, 20);
        await _world.DeliverAsync();

        var report = await _world.CompareAsync();
        report.ShouldBeClean();
        Row(BooksWorld.Daily).Window.Id.ShouldBe("2026-06-01");
    }

    [Fact]
    public async Task Reconciler_OfAnOrgOutOfReach_SaysSo()
    {
        await WorkAsync(3);
        _activity.Outage = _ => true;

        (await _world.CompareAsync()).Failed.ShouldBe(1);
    }

    private async Task<LedgerProcess> WorkAsync(int requests)
    {
        var process = _world.Process();
        await _world.TopUpAsync(process, 1_000_000);
        await _world.RequestsAsync(process, requests);
        await _world.DeliverAsync();
        return process;
    }

    private QuotaRow Row(BoundLimit limit) => _ledger.Quota(BooksWorld.Org, new QuotaKey(limit.Source, limit.Subject))!;

    private async Task PutAsync(QuotaRow row) =>
        (await _ledger.CommitAsync(BooksWorld.Org, [new LedgerWrite.PutQuota(row)], default)).Verdict.ShouldBe(CommitVerdict.Committed);

    /// <summary>Lets something happen just before the closed days are read.</summary>
    private sealed class InterruptedUsageStore(IUsageStore inner) : IUsageStore
    {
        public Func<Task> BeforeItIsListed { get; set; } = () => Task.CompletedTask;

        public async Task<IReadOnlyList<DailyUsage>> ListAsync(
            string org, DateOnly from, DateOnly to, CancellationToken cancellation)
        {
            await BeforeItIsListed();
            return await inner.ListAsync(org, from, to, cancellation);
        }

        public Task<int> SaveAsync(
            string org, DateOnly day, IReadOnlyList<DailyUsage> sums, CancellationToken cancellation) =>
            inner.SaveAsync(org, day, sums, cancellation);

        public Task<bool> TryCorrectAsync(DailyUsage right, DailyUsage? seen, CancellationToken cancellation) =>
            inner.TryCorrectAsync(right, seen, cancellation);
    }
}
