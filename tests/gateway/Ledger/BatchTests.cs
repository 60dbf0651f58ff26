using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;
using Freeway.Tests.Shared;
using Freeway.Tests.Shared.Ledger;

namespace Freeway.Gateway.Tests.Ledger;

public sealed class BatchTests : IDisposable
{
    private readonly LedgerWorld _world = new();
    private readonly LedgerProcess _process;

    public BatchTests() => _process = _world.Process();

    [Fact]
    public async Task Commit_TwoHundredAndFiftyCallers_ShareFewTransactions()
    {
        var limit = RaceScenario.DailyLimit(1000);

        await BesideAsync(() => Enumerable.Range(0, 250).Select(_ => (Task)_world.AdmitAsync(_process, limit)));

        _world.Store.Transactions.ShouldBeLessThanOrEqualTo(5);
        _world.Store.MostRows.ShouldBe(100);
        _world.Quota(limit).Reserved.ShouldBe(250);
    }

    [Fact]
    public async Task Commit_ManyDifferentQuotas_StaysWithinAHundredRows()
    {
        await BesideAsync(() => Enumerable.Range(0, 120)
            .Select(index => (Task)_world.AdmitAsync(_process, RaceScenario.DailyLimit(5, $"model-{index}"), RaceScenario.DailyLimit(5, $"twin-{index}"))));

        _world.Store.MostRows.ShouldBeLessThanOrEqualTo(100);
        _world.Requests.Count.ShouldBe(121);
    }

    [Fact]
    public async Task Commit_LargeRecords_StaysWithinTheStoresSize()
    {
        var limit = RaceScenario.DailyLimit(1000);
        var held = await Task.WhenAll(Enumerable.Range(0, 90).Select(_ => _world.AdmitAsync(_process, limit)));
        var large = (string id) => Freeway.Gateway.ActivityLog.ActivityJson.Write(LedgerAudit.Draft(id) with
        {
            App = "1",
            UpstreamRateLimit = Enumerable.Range(0, 16).ToDictionary(index => $"x-{index:D3}", _ => new string('9', 128)),
        }).Concat(new byte[60_000].Select(_ => (byte)' ')).ToArray();

        await BesideAsync(() => held.Select(reservation =>
            (Task)_process.Ledger.SettleAsync(reservation, [1], large(reservation.RequestId), CancellationToken.None)));

        _world.Quota(limit).Used.ShouldBe(90);
    }

    [Fact]
    public async Task Commit_StoreNamesTheRowThatItWillNeverTake_OnlyThatRequestFails()
    {
        Poison((writes, bad) => CommitOutcome.Invalid(bad));

        var (bad, others) = await WithBadAsync();

        await Should.ThrowAsync<InvalidOperationException>(bad);
        others.ShouldAllBe(decision => decision.IsCompletedSuccessfully);
        _world.Quota().Reserved.ShouldBe(8);
    }

    [Fact]
    public async Task Commit_StoreDoesNotSayWhichRowItWillNeverTake_OnlyThatRequestFails()
    {
        Poison((_, _) => CommitOutcome.Invalid(null));

        var (bad, others) = await WithBadAsync();

        await Should.ThrowAsync<InvalidOperationException>(bad);
        others.ShouldAllBe(decision => decision.IsCompletedSuccessfully);
        _world.Quota().Reserved.ShouldBe(8);
    }

    [Fact]
    public async Task Commit_RecordLargerThanAnyTransaction_FailsAndLeavesTheWayFree()
    {
        var id = _world.NextId();

        await Should.ThrowAsync<InvalidOperationException>(
            _process.Ledger.ReserveAsync(LedgerWorld.Org, id, [new Claim(LedgerWorld.Ten, 1)], new byte[5 * 1024 * 1024], CancellationToken.None));

        await _world.AdmitAsync(_process);
    }

    [Fact]
    public async Task Commit_StoreTakesNothingWhileSomethingIsInDoubt_WaitsBetweenTries()
    {
        var time = new ManualTime();
        using var process = new LedgerProcess(_world.Store, _world.Instances, _world.Queue, time, 7);
        var commits = 0;
        process.Store.Answer = _ => ++commits is 1 ? CommitOutcome.Unknown : CommitOutcome.Invalid(null);
        var id = _world.NextId();
        var asked = process.Ledger.ReserveAsync(LedgerWorld.Org, id, [new Claim(LedgerWorld.Ten, 1)], LedgerAudit.Record(id, [0]), CancellationToken.None);
        await Eventually.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(1));
            return asked.IsCompleted;
        });
        await Should.ThrowAsync<InvalidOperationException>(asked);

        var calls = process.Store.Calls;
        await Eventually.NeverAsync(() => process.Store.Calls - calls > 10, ticks: 50);
        process.Store.Answer = null;
        await Eventually.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(10));
            return process.Ledger.DrainAsync(CancellationToken.None).IsCompleted;
        });
        _world.Requests.ShouldBeEmpty();
    }

    public void Dispose() => _world.Dispose();

    /// <summary>Starts these while a transaction is under way, so that they share the next ones.</summary>
    private async Task BesideAsync(Func<IEnumerable<Task>> start)
    {
        var (sending, going) = (new TaskCompletionSource(), new TaskCompletionSource());
        _process.Store.Committing = _ =>
        {
            _process.Store.Committing = null;
            sending.TrySetResult();
            return going.Task;
        };
        var first = _world.AdmitAsync(_process, RaceScenario.DailyLimit(9, "first/model"));
        await sending.Task;
        var others = start().ToList();
        going.SetResult();
        await first;
        await Task.WhenAll(others);
    }

    private void Poison(Func<IReadOnlyList<LedgerWrite>, int, CommitOutcome> answer) => _process.Store.Answer = writes =>
    {
        var bad = writes.ToList().FindIndex(write => write is LedgerWrite.PutRequest { Row.RequestId: "bad" });
        return bad < 0 ? null : answer(writes, bad);
    };

    private async Task<(Task Bad, List<Task<Reservation>> Others)> WithBadAsync()
    {
        Task? bad = null;
        var others = new List<Task<Reservation>>();
        await BesideAsync(() =>
        {
            others.AddRange(Enumerable.Range(0, 4).Select(_ => _world.AdmitAsync(_process)));
            bad = _process.Ledger.ReserveAsync(LedgerWorld.Org, "bad", [new Claim(LedgerWorld.Ten, 1)], LedgerAudit.Record("bad", [0]), CancellationToken.None);
            others.AddRange(Enumerable.Range(0, 4).Select(_ => _world.AdmitAsync(_process)));
            return others;
        });
        return (bad!, others);
    }
}
