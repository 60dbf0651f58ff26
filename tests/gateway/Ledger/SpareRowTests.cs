using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;
using Freeway.Tests.Shared.Ledger;

namespace Freeway.Gateway.Tests.Ledger;

/// <summary>A row whose record is sent is written over by the next reservation, and what that spares in calls.</summary>
public sealed class SpareRowTests : IDisposable
{
    private static readonly BoundLimit Hundred = RaceScenario.DailyLimit(100);

    private readonly LedgerWorld _world = new();
    private readonly LedgerProcess _process;

    public SpareRowTests() => _process = _world.Process();

    [Fact]
    public async Task Requests_OneAfterTheOther_CostTwoCallsAndFourWritesEach()
    {
        await ServeAsync();
        var (calls, writes) = (_process.Store.Calls, 0);
        _process.Store.Committing = batch => Count(batch.Count);

        for (var request = 0; request < 20; request++)
        {
            await ServeAsync();
        }

        (_process.Store.Calls - calls).ShouldBe(40);
        writes.ShouldBe(80, "request and quota, reserved and settled");
        _world.Requests.Count.ShouldBe(1);

        Task Count(int batch)
        {
            writes += batch;
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task Reserve_WrittenOverASpareRow_HasItsNameAndAnotherMark()
    {
        var first = await ServeAsync();

        var second = await _world.AdmitAsync(_process, Hundred);

        second.Row.ShouldBe(first);
        _world.Requests.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            row => row.Open.ShouldBeTrue(), row => row.RequestId.ShouldBe(second.RequestId));
    }

    [Fact]
    public async Task Reserve_OfSeveralSpareRows_TakesTheFirst()
    {
        var (one, two, three) = (await AdmitAsync(), await AdmitAsync(), await AdmitAsync());
        await EndAsync(two);
        await EndAsync(three);
        await EndAsync(one);

        Reservation[] next = [await AdmitAsync(), await AdmitAsync(), await AdmitAsync()];

        next.Select(reservation => reservation.Row).ShouldBe([one.Row, two.Row, three.Row]);

        Task<Reservation> AdmitAsync() => _world.AdmitAsync(_process, Hundred);

        async Task EndAsync(Reservation reservation)
        {
            var finished = await LedgerWorld.SettleAsync(_process, reservation);
            await _process.Outbox.DeliverAsync(LedgerWorld.Org, finished!, CancellationToken.None);
        }
    }

    [Fact]
    public async Task Reserve_Refused_LeavesTheSpareRowForTheNext()
    {
        var one = RaceScenario.DailyLimit(1, "other/model");
        await LedgerWorld.SettleAsync(_process, await _world.AdmitAsync(_process, one));
        var first = await ServeAsync();
        _world.Time.Jump(TimeSpan.FromSeconds(31)); // too old to refuse by: the reservation goes to the store

        await _world.RefuseAsync(_process, one);

        // The caller hears it before the reservation has ended; what comes after it waits until it has.
        await _process.Ledger.TopUpAsync(LedgerWorld.Org, new Purchase("p", 1, _world.Time.Now), CancellationToken.None);

        _process.Ledger.IsSpare(LedgerWorld.Org, first).ShouldBeTrue();
        (await _world.AdmitAsync(_process, Hundred)).Row.ShouldBe(first);
    }

    [Fact]
    public async Task Reserve_SpareRowIsGoneMeanwhile_IsAdmittedAllTheSame()
    {
        var first = await ServeAsync();
        var row = _world.Requests.ShouldHaveSingleItem();
        await _world.Process().Ledger.ForgetAsync(LedgerWorld.Org, row, CancellationToken.None);

        var second = await _world.AdmitAsync(_process, Hundred);

        second.Row.ShouldBe(first);
        _world.Requests.ShouldHaveSingleItem().RequestId.ShouldBe(second.RequestId);
        _world.Quota(Hundred).Reserved.ShouldBe(1);
    }

    [Fact]
    public async Task Reserve_AnswerLostOverASpareRow_IsFoundByItsMark()
    {
        await ServeAsync();
        _process.Store.Answer = writes =>
        {
            _process.Store.Answer = null;
            _ = _world.Store.CommitAsync(LedgerWorld.Org, writes, CancellationToken.None);
            return CommitOutcome.Unknown;
        };

        var second = await _world.AdmitAsync(_process, Hundred);

        _world.Requests.ShouldHaveSingleItem().RequestId.ShouldBe(second.RequestId);
        _world.Quota(Hundred).Reserved.ShouldBe(1);
    }

    [Fact]
    public async Task Sweep_NothingWasWrittenOverIt_DeletesTheRow()
    {
        await ServeAsync();

        _world.Time.Jump(TimeSpan.FromSeconds(6));
        _process.Ledger.Sweep();
        await _process.Ledger.DrainAsync(CancellationToken.None);

        _world.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Reserve_AfterTheLeaseHasLapsed_TakesANewRowAndTheSpareOneIsDeleted()
    {
        var first = await ServeAsync();
        _world.Time.Jump(TimeSpan.FromMinutes(5)); // no heartbeat meanwhile

        var second = await ServeAsync();
        await _process.Ledger.DrainAsync(CancellationToken.None);

        second.Instance.ShouldNotBe(first.Instance);
        _world.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Reserve_NeverLandsWhileTheLeaseIsNotFresh_LeavesTheSpareRowToBeDeleted()
    {
        await ServeAsync();
        _process.Store.Answer = _ =>
        {
            _process.Store.Answer = null;
            _world.Time.Jump(TimeSpan.FromSeconds(50)); // too long to admit, too short to be taken for dead
            return CommitOutcome.Unknown;
        };
        _process.Store.Committing = async _ =>
        {
            _process.Store.Committing = null;
            await _world.AdmitAsync(_world.Process(), Hundred); // the attempt can never land
        };

        await _world.RefuseAsync(_process, Hundred);
        await _process.Lease.BeatAsync(CancellationToken.None);
        _world.Time.Jump(TimeSpan.FromSeconds(6));
        _process.Ledger.Sweep();
        await _process.Ledger.DrainAsync(CancellationToken.None);

        _world.Requests.ShouldHaveSingleItem().Open.ShouldBeTrue("it is the other process's");
    }

    [Fact]
    public async Task Drain_DeletesSpareRows()
    {
        await ServeAsync();

        await _process.Ledger.DrainAsync(CancellationToken.None);

        _world.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Killed_WithASpareRow_ItsRecordIsSentOnceMoreAndTheRowDeleted()
    {
        await ServeAsync();
        _process.Kill();
        _world.Time.Jump(TimeSpan.FromSeconds(100));

        await _world.Process().Recovery.RunAsync(CancellationToken.None);

        _world.Requests.ShouldBeEmpty();
        _world.Queue.Accepted.ShouldHaveSingleItem().Value.Count.ShouldBe(2, "the activity log drops the second");
    }

    public void Dispose() => _world.Dispose();

    /// <summary>Serves one request to its end.</summary>
    private async Task<RequestKey> ServeAsync()
    {
        var finished = await LedgerWorld.SettleAsync(_process, await _world.AdmitAsync(_process, Hundred));
        await _process.Outbox.DeliverAsync(LedgerWorld.Org, finished!, CancellationToken.None);
        return finished!.Key;
    }
}
