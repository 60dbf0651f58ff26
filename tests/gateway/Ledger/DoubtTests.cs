using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;
using Freeway.Tests.Shared.Ledger;
using Freeway.Tests.Shared;

namespace Freeway.Gateway.Tests.Ledger;

/// <summary>One fault at a time, each at its worst moment.</summary>
public sealed class DoubtTests : IDisposable
{
    private readonly LedgerWorld _world = new();
    private readonly LedgerProcess _process;

    public DoubtTests() => _process = _world.Process();

    [Fact]
    public async Task Reserve_AnswerLost_IsFoundByItsMarkAndAdmittedOnce()
    {
        NextCommit(new FaultRates(LoseAnswer: 1));

        var reservation = await _world.AdmitAsync(_process);

        reservation.ETag.ShouldBe(_world.Requests.ShouldHaveSingleItem().ETag);
        _world.Quota().Reserved.ShouldBe(1);
        _world.Store.Transactions.ShouldBe(1);
    }

    [Fact]
    public async Task Reserve_NeverSent_IsSentAgainUnderTheSameName()
    {
        NextCommit(new FaultRates(NeverSend: 1));

        var reservation = await _world.AdmitAsync(_process);

        reservation.Row.Sequence.ShouldBe(1);
        _world.Quota().Reserved.ShouldBe(1);
    }

    [Fact]
    public async Task Reserve_LandsLateBesideItsSecondAttempt_IsAdmittedOnce()
    {
        _process.Store.LateLands = 0;
        NextCommit(new FaultRates(LandLate: 1), then: () => _process.Store.LandAllAsync());

        await _world.AdmitAsync(_process);

        _world.Requests.Count.ShouldBe(1);
        _world.Quota().Reserved.ShouldBe(1);
    }

    [Fact]
    public async Task Reserve_CallerLeavesInDoubtAndItHasLanded_IsGivenBack()
    {
        var id = await LeaveInDoubtAsync(new FaultRates(LoseAnswer: 1));

        _world.Audit.WasRevoked(id).ShouldBeTrue();
        _world.Requests.ShouldBeEmpty();
        _world.Quota().Reserved.ShouldBe(0);
    }

    [Fact]
    public async Task Reserve_CallerLeavesInDoubtAndItIsStillUnderWay_CanNeverLand()
    {
        await LeaveInDoubtAsync(new FaultRates(LandLate: 1));

        await _process.Store.LandAllAsync();

        _world.Requests.ShouldBeEmpty();
        _world.Quota().Reserved.ShouldBe(0);
    }

    [Fact]
    public async Task Reserve_OfANewEndUser_CallerLeavesInDoubtAndItHasLanded_KeepsTheCounterThatItBegan()
    {
        await LeaveInDoubtAsync(new FaultRates(LoseAnswer: 1), OfAlice);

        _world.Quota(Alice).ShouldSatisfyAllConditions(row => row.ETag.ShouldNotBeNull(), row => (row.Used, row.Reserved).ShouldBe((0, 0)));
        _world.Quota(NewRows).ShouldSatisfyAllConditions(row => (row.Used, row.Reserved).ShouldBe((1, 0), "the counter is there"));
    }

    [Fact]
    public async Task Reserve_OfANewEndUser_CallerLeavesInDoubtAndItIsStillUnderWay_BeginsNoCounter()
    {
        await LeaveInDoubtAsync(new FaultRates(LandLate: 1), OfAlice);

        await _process.Store.LandAllAsync();

        _world.Requests.ShouldBeEmpty();
        _world.Quota(Alice).ETag.ShouldBeNull("the fence is the row of new counters");
        (_world.Quota(NewRows).Used, _world.Quota(NewRows).Reserved).ShouldBe((0, 0));
    }

    /// <summary>An attempt is conditional on what it writes: another row that moves proves nothing of it.</summary>
    [Fact]
    public async Task Reserve_OfAKnownEndUser_CallerLeavesInDoubtWhileAnotherBegins_CanNeverLand()
    {
        await LedgerWorld.SettleAsync(_process, await _world.AdmitAsync(_process, OfAlice), OfAlice);
        Claim[] ofBob = [new Claim(Alice with { Subject = EndUserId.Of(LedgerWorld.Org, "bob", "a salt of these tests"u8).Hash }, 1), OfAlice[1]];
        var other = _world.Process();

        var id = await LeaveInDoubtAsync(new FaultRates(LandLate: 1), () => _world.AdmitAsync(other, ofBob), OfAlice);
        await _process.Store.LandAllAsync();

        _world.Audit.WasAdmitted(id).ShouldBeFalse();
        _world.Quota(Alice).Reserved.ShouldBe(0);
    }

    [Fact]
    public async Task Reserve_RecoveryBookedItWhileInDoubt_IsRefusedAndRecordedOnceAsAborted()
    {
        var (id, refusal) = await LoseToRecoveryAsync();

        refusal.Code.ShouldBe(RefusalCode.OutcomeUnknown);
        _world.Requests.ShouldBeEmpty();
        _world.Audit.Finished(id).ShouldBe(1);
        _world.Queue.Accepted[id].ShouldHaveSingleItem().ErrorCode.ShouldBe("aborted");
    }

    [Fact]
    public async Task Reserve_RecoveryBookedButCouldNotSendIt_IsRefusedToo()
    {
        _world.Queue.Down = true;

        var (id, refusal) = await LoseToRecoveryAsync();

        refusal.Code.ShouldBe(RefusalCode.OutcomeUnknown);
        _world.Requests.ShouldHaveSingleItem().Open.ShouldBeFalse();
        _world.Audit.Finished(id).ShouldBe(1);
    }

    [Fact]
    public async Task Commit_RecoveryTookOneOfTheBatch_TheOthersLand()
    {
        var held = await _world.AdmitAsync(_process);
        _world.Time.Jump(TimeSpan.FromSeconds(100));
        await _world.Process().Recovery.RunAsync(CancellationToken.None);
        var (sending, going) = Hold();
        var first = _world.AskAsync(_process);
        await sending;
        var settling = LedgerWorld.SettleAsync(_process, held);
        var others = Enumerable.Range(0, 5).Select(_ => _world.AskAsync(_process)).ToList();
        going.SetResult();

        (await settling).ShouldBeNull();
        (await first).Accepted(out _, out _).ShouldBeTrue();
        (await Task.WhenAll(others)).Count(decision => decision.Accepted(out _, out _)).ShouldBe(5);
        _world.Quota().ShouldSatisfyAllConditions(row => row.Reserved.ShouldBe(6), row => row.Used.ShouldBe(1));
    }

    [Fact]
    public async Task Forget_AnswerLost_TheRowIsGoneAndThatIsEnough()
    {
        var finished = await LedgerWorld.SettleAsync(_process, await _world.AdmitAsync(_process));
        NextCommit(new FaultRates(LoseAnswer: 1));

        await _process.Ledger.ForgetAsync(LedgerWorld.Org, finished!, CancellationToken.None);

        _world.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Forget_RecoveryWasFirst_Ends()
    {
        var finished = await LedgerWorld.SettleAsync(_process, await _world.AdmitAsync(_process));
        await _world.Process().Ledger.ForgetAsync(LedgerWorld.Org, finished!, CancellationToken.None);

        await _process.Ledger.ForgetAsync(LedgerWorld.Org, finished!, CancellationToken.None);

        _world.Requests.ShouldBeEmpty();
    }

    public void Dispose() => _world.Dispose();

    /// <summary>The next commit meets this; afterwards all is well.</summary>
    private void NextCommit(FaultRates rates, Func<Task>? then = null) => _process.Store.Committing = _ =>
    {
        _process.Store.Rates = rates;
        _process.Store.Committing = async _ =>
        {
            _process.Store.Committing = null;
            _process.Store.Rates = FaultRates.None;
            await (then?.Invoke() ?? Task.CompletedTask);
        };
        _process.Store.Reading = () =>
        {
            _process.Store.Reading = null;
            _process.Store.Rates = FaultRates.None;
            return Task.CompletedTask;
        };
        return Task.CompletedTask;
    };

    /// <summary>Holds the next commit back until told to go on.</summary>
    private (Task Sending, TaskCompletionSource Going) Hold()
    {
        var (sending, going) = (new TaskCompletionSource(), new TaskCompletionSource());
        _process.Store.Committing = _ =>
        {
            _process.Store.Committing = null;
            sending.TrySetResult();
            return going.Task;
        };
        return (sending.Task, going);
    }

    private static BoundLimit Alice => RaceScenario.EndUserLimit(LimitUnit.Requests, 10) with
    {
        Subject = EndUserId.Of(LedgerWorld.Org, "alice", "a salt of these tests"u8).Hash,
    };

    private static BoundLimit NewRows => EndUserRows.Bound(10);

    private static Claim[] OfAlice => [new Claim(Alice, 1), new Claim(NewRows, 0)];

    private Task<string> LeaveInDoubtAsync(FaultRates fate, params Claim[] claims) =>
        LeaveInDoubtAsync(fate, () => Task.CompletedTask, claims);

    private async Task<string> LeaveInDoubtAsync(FaultRates fate, Func<Task> meanwhile, params Claim[] claims)
    {
        _process.Store.LateLands = 0;
        var (reading, going) = HoldReadsAfter(fate);
        using var leaving = new CancellationTokenSource();
        var id = _world.NextId();
        var asked = _process.Ledger.ReserveAsync(
            LedgerWorld.Org, id, claims is [] ? [new Claim(LedgerWorld.Ten, 1)] : claims, LedgerAudit.Record(id, [0]), leaving.Token);
        await reading;
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(asked);
        await meanwhile();
        going.SetResult();
        await _process.Ledger.DrainAsync(CancellationToken.None);
        return id;
    }

    private async Task<(string Id, Refusal Refusal)> LoseToRecoveryAsync()
    {
        var (reading, going) = HoldReadsAfter(new FaultRates(LoseAnswer: 1));
        var id = _world.NextId();
        var asked = _process.Ledger.ReserveAsync(LedgerWorld.Org, id, [new Claim(LedgerWorld.Ten, 1)], LedgerAudit.Record(id, [0]), CancellationToken.None);
        await reading;
        _world.Time.Jump(TimeSpan.FromSeconds(100));
        (await _world.Process().Recovery.RunAsync(CancellationToken.None)).ShouldBe(1);
        going.SetResult();
        (await asked).Accepted(out _, out var refusal).ShouldBeFalse();
        return (id, refusal!);
    }

    /// <summary>The next commit meets this fate, and the reads that would clear it up are held back.</summary>
    private (Task Reading, TaskCompletionSource Going) HoldReadsAfter(FaultRates fate)
    {
        var (reading, going) = (new TaskCompletionSource(), new TaskCompletionSource());
        _process.Store.Committing = _ =>
        {
            _process.Store.Committing = null;
            _process.Store.Rates = fate;
            _process.Store.Reading = () =>
            {
                _process.Store.Reading = null;
                _process.Store.Rates = FaultRates.None;
                reading.TrySetResult();
                return going.Task;
            };
            return Task.CompletedTask;
        };
        return (reading.Task, going);
    }
}
