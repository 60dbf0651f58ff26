using System.Text;
using Freeway.Gateway.Core;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;
using Freeway.Tests.Shared;
using Freeway.Tests.Shared.Ledger;

namespace Freeway.Gateway.Tests.Ledger;

/// <summary>Requests with an <c>Idempotency-Key</c>: however often one is sent, it is admitted once.</summary>
public sealed class RepeatTests : IDisposable
{
    private static readonly IdempotencyKey Key = new("key-1", new string('a', 64));
    private static readonly Claim[] One = [new(LedgerWorld.Ten, 1)];
    private readonly LedgerWorld _world = new();
    private readonly LedgerProcess _process;

    public RepeatTests() => _process = _world.Process();

    [Fact]
    public async Task Reserve_ForTheFirstTime_IsKnownAsUnderWay()
    {
        var reservation = await _world.AdmitAsync(_process, One, Once());

        var found = (await FindAsync()).ShouldNotBeNull();
        (found.RequestId, found.Fingerprint, found.Outcome).ShouldBe((reservation.RequestId, "print", null));
        _world.Requests.ShouldHaveSingleItem().Repeat.ShouldBe(Key);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reserve_WhileTheFirstIsUnderWay_IsRefusedAndTakesNothing(bool elsewhere)
    {
        var first = await _world.AdmitAsync(_process, One, Once());

        var refusal = await _world.RefuseAsync(elsewhere ? _world.Process() : _process, One, Once());

        (refusal.Code, refusal.RepeatOf).ShouldBe((RefusalCode.RequestInProgress, first.RequestId));
        _world.Quota().Reserved.ShouldBe(1);
        _world.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Reserve_AfterTheFirstHasEnded_IsRefusedAsCompleted()
    {
        var first = await _world.AdmitAsync(_process, One, Once());
        await LedgerWorld.SettleAsync(_process, first, One, Answer("ok"));

        var refusal = await _world.RefuseAsync(_process, One, Once());

        (refusal.Code, refusal.RepeatOf).ShouldBe((RefusalCode.AlreadyCompleted, first.RequestId));
        var outcome = (await FindAsync())!.Outcome!;
        (outcome.Status, outcome.ContentType, Encoding.UTF8.GetString(outcome.Body!.Value.Span)).ShouldBe((200, "application/json", "ok"));
    }

    [Fact]
    public async Task Reserve_TwentyOfOneKeyAtOnceFromTwoProcesses_AdmitsOne()
    {
        LedgerProcess[] processes = [_process, _world.Process()];

        var decisions = await Task.WhenAll(Enumerable.Range(0, 20).Select(index => _world.AskAsync(processes[index % 2], One, Once())));

        decisions.Count(decision => decision.Accepted(out _, out _)).ShouldBe(1);
        _world.Quota().Reserved.ShouldBe(1);
        await LedgerWorld.SettleAsync(_process, decisions.Select(decision => decision.Accepted(out var reservation, out _) ? reservation : null).OfType<Reservation>().Single(), One, Answer("ok"));
    }

    [Fact]
    public async Task Reserve_OtherKeysInTheSameTransaction_AreAdmittedBesideARepeat()
    {
        await _world.AdmitAsync(_process, One, Once());
        var elsewhere = _world.Process();

        var decisions = await Task.WhenAll(Enumerable.Range(0, 5).Select(index =>
            _world.AskAsync(elsewhere, One, index is 2 ? Once() : Once() with { Key = Key with { KeyId = $"key-{index + 10}" } })));

        decisions.Count(decision => decision.Accepted(out _, out _)).ShouldBe(4);
        _world.Quota().Reserved.ShouldBe(5);
    }

    [Fact]
    public async Task Reserve_ADayLater_IsANewRequest()
    {
        await LedgerWorld.SettleAsync(_process, await _world.AdmitAsync(_process, One, Once()), One, Answer("ok"));
        _world.Time.Jump(TimeSpan.FromHours(24));
        await _process.Lease.BeatAsync(CancellationToken.None);
        (await FindAsync()).ShouldBeNull();

        var second = await _world.AdmitAsync(_process, One, Once());

        (await FindAsync())!.RequestId.ShouldBe(second.RequestId);
    }

    [Fact]
    public async Task Reserve_AnswerLost_IsAdmittedOnceAndSettlesItsRow()
    {
        LoseNextAnswer();

        var reservation = await _world.AdmitAsync(_process, One, Once());
        await LedgerWorld.SettleAsync(_process, reservation, One, Answer("ok"));

        (await FindAsync())!.Outcome!.Status.ShouldBe(200);
        _world.Quota().Used.ShouldBe(1);
    }

    [Fact]
    public async Task Reserve_InDoubtWhileAnotherTakesTheKey_IsRefusedAndCanNeverLand()
    {
        var elsewhere = _world.Process();
        var other = RaceScenario.DailyLimit(10, "other/model");
        _process.Store.LateLands = 0;
        Reservation? theirs = null;
        _process.Store.Committing = _ =>
        {
            _process.Store.Committing = null;
            _process.Store.Rates = new FaultRates(LandLate: 1);
            _process.Store.Reading = async () =>
            {
                _process.Store.Reading = null;
                _process.Store.Rates = FaultRates.None;
                theirs = await _world.AdmitAsync(elsewhere, [new Claim(other, 1)], Once());
            };
            return Task.CompletedTask;
        };

        var refusal = await _world.RefuseAsync(_process, One, Once());
        await LedgerWorld.SettleAsync(elsewhere, theirs!, [new Claim(other, 0)]);
        (await FindAsync()).ShouldBeNull();
        await _process.Store.LandAllAsync();

        (refusal.Code, refusal.RepeatOf).ShouldBe((RefusalCode.RequestInProgress, theirs!.RequestId));
        _world.Quota().Reserved.ShouldBe(0);
        (await FindAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Reserve_TheCallerHadLeft_TakesTheRowAwayAgain()
    {
        var (sending, going) = (new TaskCompletionSource(), new TaskCompletionSource());
        _process.Store.Committing = _ =>
        {
            _process.Store.Committing = null;
            sending.TrySetResult();
            return going.Task;
        };
        using var leaving = new CancellationTokenSource();
        var asked = _world.AskAsync(_process, One, Once(), leaving.Token);
        await sending.Task;
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(asked);
        going.SetResult();
        await _process.Ledger.DrainAsync(CancellationToken.None);

        (await FindAsync()).ShouldBeNull();
        _world.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Settle_WithoutAnOutcome_LetsItBeSentAgain()
    {
        await LedgerWorld.SettleAsync(_process, await _world.AdmitAsync(_process, One, Once()), [new Claim(LedgerWorld.Ten, 0)]);

        (await FindAsync()).ShouldBeNull();
        await _world.AdmitAsync(_process, One, Once());
    }

    [Fact]
    public async Task Settle_AnAnswerTooLongToKeep_KeepsTheStatusOnly()
    {
        await LedgerWorld.SettleAsync(_process, await _world.AdmitAsync(_process, One, Once()), One, new RequestOutcome(200, "application/json", new byte[60_001]));

        (await FindAsync())!.Outcome.ShouldBe(new RequestOutcome(200, "application/json", null));
    }

    [Fact]
    public async Task Settle_AnswerLost_WritesTheOutcomeOnce()
    {
        var reservation = await _world.AdmitAsync(_process, One, Once());
        LoseNextAnswer();

        (await LedgerWorld.SettleAsync(_process, reservation, One, Answer("ok"))).ShouldNotBeNull();

        (await FindAsync())!.Outcome!.Status.ShouldBe(200);
        _world.Quota().Used.ShouldBe(1);
    }

    [Fact]
    public async Task Recovery_TheProcessDied_TellsRepeatsThatItFailed()
    {
        var open = await _world.AdmitAsync(_process, One, Once());
        _process.Kill();
        _world.Time.Jump(TimeSpan.FromSeconds(100));
        var next = _world.Process();

        await next.Recovery.RunAsync(CancellationToken.None);

        var found = (await next.Ledger.FindRepeatAsync(LedgerWorld.Org, Key, CancellationToken.None))!;
        (found.RequestId, found.Outcome).ShouldBe((open.RequestId, new RequestOutcome(500, null, null)));
    }

    [Fact]
    public async Task Tidy_ADayLater_TakesTheRowsAwayAndLeavesTheYoung()
    {
        var young = Once() with { Key = Key with { KeyId = "young" }, At = _world.Time.Now + TimeSpan.FromHours(1) };
        await _world.AdmitAsync(_process, One, Once());
        await _world.AdmitAsync(_process, One, young);
        _world.Time.Jump(TimeSpan.FromHours(24.5));

        await new QuotaCleanup(_world.Store).TidyAsync(LedgerWorld.Org, _world.Time.Now, CancellationToken.None);

        _world.Store.Repeat(LedgerWorld.Org, Key).ShouldBeNull();
        _world.Store.Repeat(LedgerWorld.Org, young.Key).ShouldNotBeNull();
    }

    [Fact]
    public async Task Tidy_AKeyIsUsedAgainMeanwhile_LeavesItsRowAndTakesTheOthers()
    {
        var other = Once() with { Key = Key with { KeyId = "other" } };
        await LedgerWorld.SettleAsync(_process, await _world.AdmitAsync(_process, One, Once()), One, Answer("ok"));
        await LedgerWorld.SettleAsync(_process, await _world.AdmitAsync(_process, One, other), One, Answer("ok"));
        _world.Time.Jump(TimeSpan.FromHours(25));
        var way = _world.Process().Store;
        way.Committing = async writes =>
        {
            if (writes.Count is 2)
            {
                await _world.AdmitAsync(_process, One, Once());
            }
        };

        await new QuotaCleanup(way).TidyAsync(LedgerWorld.Org, _world.Time.Now, CancellationToken.None);

        _world.Store.Repeat(LedgerWorld.Org, Key).ShouldNotBeNull();
        _world.Store.Repeat(LedgerWorld.Org, other.Key).ShouldBeNull();
    }

    [Fact]
    public async Task Commit_ManyWithKeys_StaysWithinAHundredRows()
    {
        var limit = RaceScenario.DailyLimit(1000);
        var (sending, going) = (new TaskCompletionSource(), new TaskCompletionSource());
        _process.Store.Committing = _ =>
        {
            _process.Store.Committing = null;
            sending.TrySetResult();
            return going.Task;
        };
        var first = _world.AdmitAsync(_process, [new Claim(limit, 1)]);
        await sending.Task;
        var others = Enumerable.Range(0, 120).Select(index => _world.AdmitAsync(_process, [new Claim(limit, 1)], Once() with { Key = Key with { KeyId = $"key-{index}" } })).ToList();
        going.SetResult();
        await first;
        await Task.WhenAll(others);

        _world.Store.MostRows.ShouldBe(99);
        _world.Quota(limit).Reserved.ShouldBe(121);
    }

    public void Dispose() => _world.Dispose();

    private IdempotencyRow Once() => new(Key, "", "print", _world.Time.Now, null, null);

    private static RequestOutcome Answer(string body) => new(200, "application/json", Encoding.UTF8.GetBytes(body));

    private Task<IdempotencyRow?> FindAsync() => _process.Ledger.FindRepeatAsync(LedgerWorld.Org, Key, CancellationToken.None);

    private void LoseNextAnswer() => _process.Store.Committing = _ =>
    {
        _process.Store.Committing = null;
        _process.Store.Rates = new FaultRates(LoseAnswer: 1);
        _process.Store.Reading = () =>
        {
            _process.Store.Reading = null;
            _process.Store.Rates = FaultRates.None;
            return Task.CompletedTask;
        };
        return Task.CompletedTask;
    };
}
