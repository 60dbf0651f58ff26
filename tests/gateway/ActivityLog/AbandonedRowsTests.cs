using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Tests.Ledger;
using Freeway.Tests.Shared.Ledger;

namespace Freeway.Gateway.Tests.ActivityLog;

public sealed class AbandonedRowsTests : IDisposable
{
    private readonly LedgerWorld _world = new();
    private readonly LedgerProcess _process;
    private readonly AbandonedRows _rows;

    public AbandonedRowsTests()
    {
        _process = _world.Process();
        _rows = new AbandonedRows(_process.Store, _process.Ledger, _process.Outbox, _process.Recovery, _process.Lease);
    }

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Look_ARequestIsUnderWay_LeavesItAlone()
    {
        var reservation = await _world.AdmitAsync(_process);
        _process.Ledger.Held.Touch(LedgerWorld.Org);

        await _rows.RunAsync(CancellationToken.None);

        _world.Requests.ShouldHaveSingleItem().Open.ShouldBeTrue();
        await LedgerWorld.SettleAsync(_process, reservation);
    }

    [Fact]
    public async Task Look_AnOpenRowThatNobodyAnswersFor_IsAbortedAndSent()
    {
        var reservation = await _world.AdmitAsync(_process);
        _process.Ledger.Held.Release(LedgerWorld.Org, reservation.Row);

        await _rows.RunAsync(CancellationToken.None);
        (_world.Quota().Used, _world.Quota().Reserved).ShouldBe((1, 0));
        await _rows.RunAsync(CancellationToken.None);
        await _process.Outbox.CatchUpAsync(CancellationToken.None);

        _world.Queue.Accepted[reservation.RequestId].ShouldHaveSingleItem().ErrorCode.ShouldBe("aborted");
        _world.Requests.ShouldBeEmpty();
    }

    /// <summary>Its settlement outlasted the invocation that had asked for it.</summary>
    [Fact]
    public async Task Look_AFinishedRowThatNobodySends_IsSent()
    {
        var reservation = await _world.AdmitAsync(_process);
        await LedgerWorld.SettleAsync(_process, reservation);
        _process.Ledger.Held.Release(LedgerWorld.Org, reservation.Row);

        await _rows.RunAsync(CancellationToken.None);
        await _process.Outbox.CatchUpAsync(CancellationToken.None);

        _world.Queue.Accepted[reservation.RequestId].ShouldHaveSingleItem();
        _world.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Look_NothingWasReleased_CostsNothing()
    {
        await _world.AdmitAsync(_process);
        _process.Ledger.Held.TakeTouched();
        var calls = _process.Store.Calls;

        await _rows.RunAsync(CancellationToken.None);

        _process.Store.Calls.ShouldBe(calls);
    }

    [Fact]
    public async Task Look_TheStoreIsDown_LooksAgain()
    {
        var reservation = await _world.AdmitAsync(_process);
        _process.Ledger.Held.Release(LedgerWorld.Org, reservation.Row);
        _process.Store.Down = true;
        await _rows.RunAsync(CancellationToken.None);

        _process.Store.Down = false;
        await _rows.RunAsync(CancellationToken.None);

        _world.Requests.ShouldHaveSingleItem().Open.ShouldBeFalse();
    }
}
