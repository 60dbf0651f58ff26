using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Ledger;
using Freeway.Tests.Shared.Ledger;

namespace Freeway.Gateway.Tests.Ledger;

public sealed class LedgerRecoveryTests : IDisposable
{
    private readonly LedgerWorld _world = new();
    private readonly LedgerProcess _dead;

    public LedgerRecoveryTests() => _dead = _world.Process();

    [Fact]
    public async Task Recovery_AnInstanceIsDead_BooksItsOpenRequestsAsAbortedAndSendsAll()
    {
        var open = await _world.AdmitAsync(_dead);
        var finished = await _world.AdmitAsync(_dead);
        await LedgerWorld.SettleAsync(_dead, finished, 0);
        Die();

        (await RunAsync(_world.Process())).ShouldBe(1);

        _world.Requests.ShouldBeEmpty();
        _world.Quota().ShouldSatisfyAllConditions(row => row.Used.ShouldBe(1), row => row.Reserved.ShouldBe(0));
        var record = _world.Queue.Accepted[open.RequestId].ShouldHaveSingleItem();
        (record.ErrorCode, record.Status, record.Estimated).ShouldBe(("aborted", 500, true));
        _world.Queue.Accepted[finished.RequestId].ShouldHaveSingleItem().Status.ShouldBe(200);
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task Recovery_AnInstanceShowsLife_LeavesItAlone()
    {
        await _world.AdmitAsync(_dead);
        _world.Time.Jump(TimeSpan.FromSeconds(60));
        await _dead.Lease.BeatAsync(CancellationToken.None);
        _world.Time.Jump(TimeSpan.FromSeconds(60));

        (await RunAsync(_world.Process())).ShouldBe(0);

        _world.Requests.ShouldHaveSingleItem().Open.ShouldBeTrue();
    }

    [Fact]
    public async Task Recovery_DiesHalfWay_TheNextOneFinishes()
    {
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => _world.AdmitAsync(_dead)));
        Die();
        var first = _world.Process();
        var killed = new TaskCompletionSource();
        first.Store.Committing = _ =>
        {
            first.Store.Committing = _ =>
            {
                first.Kill();
                killed.TrySetResult();
                return new TaskCompletionSource().Task;
            };
            return Task.CompletedTask;
        };
        var dying = RunAsync(first);
        await killed.Task;
        dying.IsCompleted.ShouldBeFalse();

        await RunAsync(_world.Process());

        _world.Quota().Used.ShouldBe(10);
        _world.Queue.Accepted.Count.ShouldBe(10);
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task Recovery_TwoAtOnce_BookEachRequestOnce()
    {
        var held = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => _world.AdmitAsync(_dead)));
        Die();

        await Task.WhenAll(RunAsync(_world.Process()), RunAsync(_world.Process()), RunAsync(_world.Process()));
        await RunAsync(_world.Process());

        held.ShouldAllBe(reservation => _world.Audit.Finished(reservation.RequestId) == 1);
        held.ShouldAllBe(reservation => _world.Queue.Accepted.ContainsKey(reservation.RequestId));
        _world.Quota().Used.ShouldBe(10);
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task Recovery_TheBrokerIsDown_KeepsTheNoteUntilTheRecordsAreSent()
    {
        await _world.AdmitAsync(_dead);
        Die();
        _world.Queue.Down = true;
        var undertaker = _world.Process();
        (await RunAsync(undertaker)).ShouldBe(1);
        _world.Instances.Registrations().ShouldHaveSingleItem();

        _world.Queue.Down = false;
        (await RunAsync(undertaker)).ShouldBe(0);

        _world.Queue.Accepted.ShouldHaveSingleItem();
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task Recovery_AWriteLandsBetweenTheTwoLooks_KeepsTheNoteAndTakesItNextTime()
    {
        var open = await _world.AdmitAsync(_dead);
        Die();
        var undertaker = _world.Process();
        var reads = 0;
        undertaker.Store.Reading = async () =>
        {
            // Settling reads the requests and then the quota; relaying reads the requests again; the fourth is the second look.
            if (++reads is 4)
            {
                await LandLateAsync(open);
            }
        };
        await RunAsync(undertaker);
        _world.Instances.Registrations().ShouldHaveSingleItem();
        _world.Requests.ShouldHaveSingleItem();

        (await RunAsync(undertaker)).ShouldBe(1);

        _world.Quota().Used.ShouldBe(2);
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task Recovery_AWriteLandsMinutesAfterTheInstanceWasTakenForDead_IsFoundBeforeTheInstanceIsForgotten()
    {
        var open = await _world.AdmitAsync(_dead);
        _dead.Kill();
        _world.Time.Jump(TimeSpan.FromSeconds(100));
        var undertaker = _world.Process();
        (await RunAsync(undertaker)).ShouldBe(1);
        (await RunAsync(undertaker)).ShouldBe(0);
        _world.Instances.Registrations().ShouldHaveSingleItem();

        _world.Time.Jump(TimeSpan.FromMinutes(4));
        await LandLateAsync(open);
        (await RunAsync(undertaker)).ShouldBe(1);

        _world.Time.Jump(TimeSpan.FromMinutes(2));
        await RunAsync(undertaker);
        _world.Queue.Accepted.Count.ShouldBe(2);
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task Recovery_ADraftCannotBeRead_GivesItsQuotaUpAndPassesItOn()
    {
        (await _dead.Ledger.ReserveAsync(LedgerWorld.Org, "r", [new Claim(LedgerWorld.Ten, 1)], "{}"u8.ToArray(), CancellationToken.None))
            .Accepted(out _, out _).ShouldBeTrue();
        Die();
        _world.Store.Landed = null;
        var passedOn = 0;
        _world.Queue.Fate = () =>
        {
            passedOn++;
            return StoreFate.NeverSent;
        };

        await RunAsync(_world.Process());

        _world.Quota().ShouldSatisfyAllConditions(row => row.Used.ShouldBe(1), row => row.Reserved.ShouldBe(0));
        passedOn.ShouldBe(1);
    }

    [Fact]
    public async Task Recovery_OneOrgIsOutOfReach_TheOthersAreFinished()
    {
        await _world.AdmitAsync(_dead);
        var id = _world.NextId();
        await _dead.Ledger.ReserveAsync("beta", id, [new Claim(LedgerWorld.Ten, 1)], LedgerAudit.Record(id, [0]), CancellationToken.None);
        id = _world.NextId();
        await _dead.Ledger.ReserveAsync("zeta", id, [new Claim(LedgerWorld.Ten, 1)], LedgerAudit.Record(id, [0]), CancellationToken.None);
        Die();
        var undertaker = _world.Process();
        undertaker.Store.DownFor = "beta";

        await RunAsync(undertaker);

        _world.Requests.ShouldBeEmpty();
        _world.Store.Requests("zeta").ShouldBeEmpty();
        _world.Instances.Registrations().ShouldHaveSingleItem().Org.ShouldBe("beta");
        undertaker.Store.DownFor = null;
        await RunAsync(undertaker);
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task Recovery_OwnRecordsWaitForTheBroker_SendsThemToo()
    {
        var process = _world.Process();
        var reservation = await _world.AdmitAsync(process);
        var finished = await LedgerWorld.SettleAsync(process, reservation);
        _world.Queue.Down = true;
        await process.Outbox.DeliverAsync(LedgerWorld.Org, finished!, CancellationToken.None);
        process.Outbox.IsBehind.ShouldBeTrue();
        _world.Queue.Down = false;

        await RunAsync(process);

        _world.Queue.Accepted.Keys.ShouldBe([reservation.RequestId]);
        process.Outbox.IsBehind.ShouldBeFalse();
        _world.Requests.ShouldBeEmpty();
    }

    public void Dispose() => _world.Dispose();

    private static Task<int> RunAsync(LedgerProcess process) => process.Recovery.RunAsync(CancellationToken.None);

    /// <summary>A reservation that the dead instance had sent lands.</summary>
    private Task<CommitOutcome> LandLateAsync(Reservation before)
    {
        var (late, quota) = (_world.NextId(), _world.Quota());
        return _world.Store.CommitAsync(
            LedgerWorld.Org,
            [
                new LedgerWrite.PutRequest(new RequestRow(
                    before.Row with { Sequence = 2 }, late, true, late, before.Holds, LedgerAudit.Record(late, [0]), null)),
                new LedgerWrite.PutQuota(quota with { Reserved = quota.Reserved + 1 }),
            ],
            CancellationToken.None);
    }

    /// <summary>It dies, and is found so late that nothing of it can land any more.</summary>
    private void Die()
    {
        _dead.Kill();
        _world.Time.Jump(TimeSpan.FromMinutes(8));
    }

    private async Task NothingIsLeftAsync()
    {
        _world.Instances.Registrations().ShouldBeEmpty();
        (await _world.Instances.ListAsync(CancellationToken.None)).ShouldBeEmpty();
    }
}
