using Freeway.Gateway.Core;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;
using Freeway.Tests.Shared.Ledger;

namespace Freeway.Gateway.Tests.Ledger;

/// <summary>Limits on concurrency: what is taken comes back with its request, whatever happens to it.</summary>
public sealed class LeaseTests : IDisposable
{
    private static readonly BoundLimit Limit = Samples.AtOnce(1);
    private static readonly Claim[] One = [new(Limit, 1)];
    private readonly LedgerWorld _world = new();
    private readonly LedgerProcess _process;

    public LeaseTests() => _process = _world.Process();

    [Fact]
    public async Task Reserve_WhileAnotherIsUnderWay_IsRefusedForASecond()
    {
        await _world.AdmitAsync(_process, One);

        (await _world.RefuseAsync(_process, One)).ShouldSatisfyAllConditions(
            refusal => refusal.Code.ShouldBe(RefusalCode.ConcurrencyLimitExceeded),
            refusal => refusal.RetryAfter.ShouldBe(TimeSpan.FromSeconds(1)),
            refusal => refusal.Limit!.Unit.ShouldBe("concurrent_requests"));
    }

    [Fact]
    public async Task Reserve_TwentyAtOnceFromTwoProcesses_AdmitsThree()
    {
        var three = Samples.AtOnce(3);
        LedgerProcess[] processes = [_process, _world.Process()];

        var decisions = await Task.WhenAll(Enumerable.Range(0, 20).Select(index => _world.AskAsync(processes[index % 2], [new Claim(three, 1)])));

        decisions.Count(decision => decision.Accepted(out _, out _)).ShouldBe(3);
        _world.Quota(three).ShouldSatisfyAllConditions(row => row.Reserved.ShouldBe(3), row => row.Leases.Count.ShouldBe(3));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Settle_BooksNoUseAndLetsTheNextOneIn(bool givenBack)
    {
        var reservation = await _world.AdmitAsync(_process, One);

        await LedgerWorld.SettleAsync(_process, reservation, [new Claim(Limit, givenBack ? 0 : 1)]);

        _world.Quota(Limit).ShouldSatisfyAllConditions(row => row.Used.ShouldBe(0), row => row.Reserved.ShouldBe(0), row => row.Leases.ShouldBe(ConcurrencyLeases.None));
        await _world.AdmitAsync(_process, One);
    }

    [Fact]
    public async Task Settle_InAnotherMinuteThanItsReservation_LetsTheNextOneIn()
    {
        var reservation = await _world.AdmitAsync(_process, One);
        _world.Time.Jump(TimeSpan.FromMinutes(5));
        await LedgerWorld.SettleAsync(_process, reservation, One);

        await _world.AdmitAsync(_world.Process(), One);
    }

    [Fact]
    public async Task Reserve_TheLeaseHasExpired_IsAdmittedAndTheLateSettlementTakesNothingOfIt()
    {
        var late = await _world.AdmitAsync(_process, One);
        _world.Time.Jump(TimeSpan.FromMinutes(10.1));
        var next = await _world.AdmitAsync(_process, One);

        await LedgerWorld.SettleAsync(_process, late, One);

        _world.Quota(Limit).Reserved.ShouldBe(1);
        _world.Requests.Single(row => row.Open).RequestId.ShouldBe(next.RequestId);
    }

    [Fact]
    public async Task Recovery_KnowsTheRowFromBeforeALeaseThatIsOver_LeavesItToTheNextReservation()
    {
        var recovering = _world.Process();
        await LedgerWorld.SettleAsync(recovering, await _world.AdmitAsync(recovering, One), One);
        await _world.AdmitAsync(_process, One);
        _process.Kill();
        _world.Time.Jump(TimeSpan.FromMinutes(10.1));

        (await recovering.Recovery.RunAsync(CancellationToken.None)).ShouldBe(1);

        _world.Quota(Limit).Leases.Count.ShouldBe(1, "it is over, and counts for nothing");
        await _world.AdmitAsync(recovering, One);
        _world.Quota(Limit).Leases.Count.ShouldBe(1, "the one that is over is gone");
    }

    [Fact]
    public async Task Settle_ALeaseThatExpiredAndWasNotDropped_IsGivenBack()
    {
        var late = await _world.AdmitAsync(_process, One);
        _world.Time.Jump(TimeSpan.FromMinutes(10.1));

        await LedgerWorld.SettleAsync(_process, late, One);

        _world.Quota(Limit).Leases.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Settle_TwoLeasesOfOneMoment_GivesOneBack()
    {
        var two = Samples.AtOnce(2);
        var held = await Task.WhenAll(_world.AdmitAsync(_process, [new Claim(two, 1)]), _world.AdmitAsync(_process, [new Claim(two, 1)]));

        await LedgerWorld.SettleAsync(_process, held[0], [new Claim(two, 1)]);

        _world.Quota(two).Reserved.ShouldBe(1);
        await LedgerWorld.SettleAsync(_process, held[1], [new Claim(two, 1)]);
        _world.Quota(two).Reserved.ShouldBe(0);
    }

    [Fact]
    public async Task Reserve_TheCallerHadLeft_GivesTheLeaseBack()
    {
        var (sending, going) = (new TaskCompletionSource(), new TaskCompletionSource());
        _process.Store.Committing = _ =>
        {
            _process.Store.Committing = null;
            sending.TrySetResult();
            return going.Task;
        };
        using var leaving = new CancellationTokenSource();
        var asked = _world.AskAsync(_process, One, null, leaving.Token);
        await sending.Task;
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(asked);
        going.SetResult();
        await _process.Ledger.DrainAsync(CancellationToken.None);

        _world.Quota(Limit).ShouldSatisfyAllConditions(row => row.Reserved.ShouldBe(0), row => row.Leases.Count.ShouldBe(0));
    }

    [Fact]
    public async Task Recovery_TheProcessDied_GivesItsLeaseBackBeforeItExpires()
    {
        await _world.AdmitAsync(_process, One);
        _process.Kill();
        _world.Time.Jump(TimeSpan.FromSeconds(100));
        var next = _world.Process();

        await next.Recovery.RunAsync(CancellationToken.None);

        _world.Quota(Limit).Reserved.ShouldBe(0);
        await _world.AdmitAsync(next, One);
    }

    [Fact]
    public async Task Recovery_RemembersTheRowFromBeforeTheLease_ReadsItAgain()
    {
        var undertaker = _world.Process();
        await LedgerWorld.SettleAsync(undertaker, await _world.AdmitAsync(undertaker, One), One);
        await _world.AdmitAsync(_process, One);
        _process.Kill();
        _world.Time.Jump(TimeSpan.FromSeconds(100));
        await undertaker.Lease.BeatAsync(CancellationToken.None);

        await undertaker.Recovery.RunAsync(CancellationToken.None);

        _world.Quota(Limit).Leases.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Read_ALeaseThatHasExpired_CountsAsFree()
    {
        await _world.AdmitAsync(_process, One);
        (await _process.Ledger.ReadAsync(LedgerWorld.Org, [Limit], CancellationToken.None))[0].Remaining.ShouldBe(0);

        _world.Time.Jump(TimeSpan.FromMinutes(10.1));

        (await _process.Ledger.ReadAsync(LedgerWorld.Org, [Limit], CancellationToken.None))[0].Remaining.ShouldBe(1);
    }

    public void Dispose() => _world.Dispose();
}
