using Freeway.Gateway.Core;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;
using Freeway.Tests.Shared.Ledger;

namespace Freeway.Gateway.Tests.Ledger;

public sealed class ReserveTests : IDisposable
{
    private readonly LedgerWorld _world = new();

    [Fact]
    public async Task Reserve_FortyFirstRequestsAtOnceFromTwoProcesses_AdmitsTen()
    {
        LedgerProcess[] processes = [_world.Process(), _world.Process()];

        var decisions = await Task.WhenAll(Enumerable.Range(0, 40).Select(index => _world.AskAsync(processes[index % 2])));

        decisions.Count(decision => decision.Accepted(out _, out _)).ShouldBe(10);
        _world.Quota().Reserved.ShouldBe(10);
        _world.Requests.Count.ShouldBe(10);
    }

    [Fact]
    public async Task Reserve_OneOfTwoLimitsIsSpent_TakesFromNeither()
    {
        var process = _world.Process();
        var small = RaceScenario.MinuteLimit(1);
        await _world.AdmitAsync(process, LedgerWorld.Ten, small);

        var refusal = await _world.RefuseAsync(process, LedgerWorld.Ten, small);

        refusal.Limit!.Source.ShouldBe(small.Source);
        _world.Quota().Reserved.ShouldBe(1);
    }

    [Fact]
    public async Task Reserve_TwoLimitsAreSpent_NamesTheOneThatBindsLongest()
    {
        var process = _world.Process();
        var (daily, minute) = (RaceScenario.DailyLimit(1), RaceScenario.MinuteLimit(1));
        await _world.AdmitAsync(process, minute, daily);

        var refusal = await _world.RefuseAsync(process, minute, daily);

        refusal.Code.ShouldBe(RefusalCode.FreeQuotaExceeded);
        refusal.Limit!.Source.ShouldBe(daily.Source);
        refusal.RetryAfter!.Value.ShouldBeInRange(TimeSpan.FromHours(11), TimeSpan.FromHours(12));
    }

    [Fact]
    public async Task Reserve_OneLimitWasFullLongAgoAndAnotherIsFullNow_NamesTheOneThatIsFullNow()
    {
        var (here, there) = (_world.Process(), _world.Process());
        var (daily, minute) = (RaceScenario.DailyLimit(2), RaceScenario.MinuteLimit(1));
        var held = (first: await _world.AdmitAsync(here, daily), second: await _world.AdmitAsync(here, daily));
        _world.Time.Jump(TimeSpan.FromSeconds(2));
        await LedgerWorld.SettleAsync(there, held.first, 0);
        await LedgerWorld.SettleAsync(there, held.second, 0);
        var (sending, going) = (new TaskCompletionSource(), new TaskCompletionSource());
        here.Store.Committing = _ =>
        {
            here.Store.Committing = null;
            sending.TrySetResult();
            return going.Task;
        };
        var filling = _world.AdmitAsync(here, minute);
        await sending.Task;
        var asked = _world.AskAsync(here, minute, daily);
        going.SetResult();
        await filling;

        (await asked).Accepted(out _, out var refusal).ShouldBeFalse();

        refusal!.Limit!.Source.ShouldBe(minute.Source);
    }

    [Fact]
    public async Task Reserve_KnownToBeSpent_IsRefusedWithoutTouchingTheStore()
    {
        var process = _world.Process();
        foreach (var reservation in await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => _world.AdmitAsync(process))))
        {
            await LedgerWorld.SettleAsync(process, reservation);
        }

        var calls = process.Store.Calls + process.Instances.Calls;
        for (var again = 0; again < 50; again++)
        {
            (await _world.RefuseAsync(process)).Code.ShouldBe(RefusalCode.FreeQuotaExceeded);
        }

        (process.Store.Calls + process.Instances.Calls).ShouldBe(calls);
    }

    [Fact]
    public async Task Reserve_SpentYesterday_IsAdmittedAtMidnightWithoutATimer()
    {
        var process = _world.Process();
        var one = RaceScenario.DailyLimit(1);
        await LedgerWorld.SettleAsync(process, await _world.AdmitAsync(process, one));
        await _world.RefuseAsync(process, one);

        _world.Time.Jump(TimeSpan.FromHours(12));

        await _world.AdmitAsync(process, one);
        _world.Quota(one).ShouldSatisfyAllConditions(row => row.Window.Id.ShouldBe("2026-05-30"), row => row.Used.ShouldBe(0));
    }

    [Fact]
    public async Task Reserve_RefusedByAnothersReservation_IsAdmittedWithinASecondOfItsRelease()
    {
        var (here, there) = (_world.Process(), _world.Process());
        var one = RaceScenario.DailyLimit(1);
        var held = await _world.AdmitAsync(there, one);
        await _world.RefuseAsync(here, one);
        await LedgerWorld.SettleAsync(there, held, 0);

        _world.Time.Jump(TimeSpan.FromSeconds(1.01));

        await _world.AdmitAsync(here, one);
    }

    [Fact]
    public async Task Reserve_OwnReservationIsGivenBack_IsAdmittedAtOnce()
    {
        var process = _world.Process();
        var one = RaceScenario.DailyLimit(1);
        var held = await _world.AdmitAsync(process, one);
        await _world.RefuseAsync(process, one);
        await LedgerWorld.SettleAsync(process, held, 0);

        await _world.AdmitAsync(process, one);
    }

    [Fact]
    public async Task Reserve_CallerLeavesBeforeItIsSent_WritesNothing()
    {
        var process = _world.Process();
        await _world.AdmitAsync(process);
        var (sending, going) = (new TaskCompletionSource(), new TaskCompletionSource());
        process.Store.Committing = _ =>
        {
            sending.TrySetResult();
            return going.Task;
        };
        using var leaving = new CancellationTokenSource();
        var first = _world.AskAsync(process);
        await sending.Task;
        var waiting = _world.AskAsync(process, leaving.Token);
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(waiting);
        going.SetResult();
        await first;
        await process.Ledger.DrainAsync(CancellationToken.None);

        _world.Requests.Count.ShouldBe(2);
        _world.Quota().Reserved.ShouldBe(2);
    }

    [Fact]
    public async Task Reserve_TheLeaseLapsesOnTheWay_IsRefusedAndWritesNothing()
    {
        var process = _world.Process();
        var (reading, going) = (new TaskCompletionSource(), new TaskCompletionSource());
        process.Store.Reading = () =>
        {
            reading.TrySetResult();
            return going.Task;
        };
        var asked = _world.AskAsync(process);
        await reading.Task;
        _world.Time.Jump(TimeSpan.FromSeconds(50));
        going.SetResult();

        (await asked).Accepted(out _, out var refusal).ShouldBeFalse();

        refusal!.Code.ShouldBe(RefusalCode.QuotaUnavailable);
        _world.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Reserve_WhileActorsAreLetGoAllTheTime_IsAlwaysAnswered()
    {
        var process = _world.Process(new LedgerOptions { ReserveDeadline = TimeSpan.FromSeconds(60), IdleAfter = TimeSpan.FromTicks(-1) });
        var limit = RaceScenario.DailyLimit(10_000);
        var asked = Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            for (var turn = 0; turn < 50; turn++)
            {
                await Task.Yield();
                await LedgerWorld.SettleAsync(process, await _world.AdmitAsync(process, limit));
            }
        }));
        while (!asked.IsCompleted)
        {
            process.Ledger.Sweep();
            await Task.Yield();
        }

        await asked;
        _world.Quota(limit).ShouldSatisfyAllConditions(row => row.Used.ShouldBe(1000), row => row.Reserved.ShouldBe(0));
    }

    [Fact]
    public async Task Reserve_AfterDraining_IsRefusedAsShuttingDown()
    {
        var process = _world.Process();
        await process.Ledger.DrainAsync(CancellationToken.None);

        (await _world.RefuseAsync(process)).Code.ShouldBe(RefusalCode.ShuttingDown);
    }

    public void Dispose() => _world.Dispose();
}
