using Freeway.Gateway.Core;
using Freeway.Gateway.Ledger;
using Freeway.Tests.Shared;
using Freeway.Tests.Shared.Ledger;

namespace Freeway.Gateway.Tests.Ledger;

public sealed class OutageTests : IDisposable
{
    private readonly LedgerWorld _world = new();

    [Fact]
    public async Task Reserve_StoreIsDown_IsRefusedByTheDeadlineAndTakesNothing()
    {
        var time = new ManualTime();
        using var process = new LedgerProcess(_world.Store, _world.Instances, _world.Queue, time, 1, options: EightSeconds());
        await _world.AdmitAsync(process);
        process.Store.Down = true;

        var refusing = Task.WhenAll(Enumerable.Range(0, 5).Select(_ => _world.RefuseAsync(process)));
        await TimePassesAsync(time, refusing);

        (await refusing).ShouldAllBe(refusal => refusal.Code == RefusalCode.QuotaUnavailable && refusal.RetryAfter > TimeSpan.Zero);
        process.Store.Down = false;
        await TimePassesAsync(time, process.Ledger.DrainAsync(CancellationToken.None));
        _world.Quota().Reserved.ShouldBe(1);
        _world.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Reserve_InstancesAreDown_IsRefused()
    {
        var process = _world.Process();
        process.Instances.Down = true;

        (await _world.RefuseAsync(process)).Code.ShouldBe(RefusalCode.QuotaUnavailable);

        _world.Store.Transactions.ShouldBe(0);
    }

    [Fact]
    public async Task Reserve_DeadlinePassesAfterItHasLanded_IsGivenBack()
    {
        var time = new ManualTime();
        using var process = new LedgerProcess(_world.Store, _world.Instances, _world.Queue, time, 1, options: EightSeconds());
        var landed = false;
        process.Store.Committing = _ =>
        {
            process.Store.Committing = null;
            process.Store.Rates = new FaultRates(LoseAnswer: 1);
            process.Store.Reading = () =>
            {
                landed = process.Store.Down = true;
                return Task.CompletedTask;
            };
            return Task.CompletedTask;
        };

        var refusing = _world.RefuseAsync(process);
        await Eventually.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(1));
            return Volatile.Read(ref landed);
        });
        await TimePassesAsync(time, refusing);
        (await refusing).Code.ShouldBe(RefusalCode.OutcomeUnknown);

        _world.Quota().Reserved.ShouldBe(1);
        (process.Store.Reading, process.Store.Rates, process.Store.Down) = (null, FaultRates.None, false);
        await TimePassesAsync(time, process.Ledger.DrainAsync(CancellationToken.None));
        _world.Quota().Reserved.ShouldBe(0);
        _world.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Reserve_LeaseAndStoreAreSlow_TheDeadlineCoversBoth()
    {
        var time = new ManualTime();
        using var process = new LedgerProcess(_world.Store, _world.Instances, _world.Queue, time, 3, options: EightSeconds());
        var (sending, going) = (new TaskCompletionSource(), new TaskCompletionSource());
        process.Store.Committing = _ =>
        {
            sending.TrySetResult();
            return going.Task;
        };
        process.Instances.Calling = () =>
        {
            process.Instances.Calling = null;
            time.Advance(TimeSpan.FromSeconds(6));
        };
        var asked = _world.AskAsync(process);
        await sending.Task;

        time.Advance(TimeSpan.FromSeconds(2));

        (await asked).Accepted(out _, out var refusal).ShouldBeFalse();
        refusal!.Code.ShouldBe(RefusalCode.OutcomeUnknown);
        going.SetResult();
        await process.Ledger.DrainAsync(CancellationToken.None);
        _world.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Read_StoreIsDown_Throws()
    {
        var process = _world.Process();
        process.Store.Down = true;

        await Should.ThrowAsync<IOException>(process.Ledger.ReadAsync(LedgerWorld.Org, [LedgerWorld.Ten], CancellationToken.None));
    }

    [Fact]
    public async Task Read_SomeAreUsed_ShowsWhatIsLeft()
    {
        var process = _world.Process();
        await LedgerWorld.SettleAsync(process, await _world.AdmitAsync(process));
        await _world.AdmitAsync(process);

        var state = (await process.Ledger.ReadAsync(LedgerWorld.Org, [LedgerWorld.Ten], CancellationToken.None)).ShouldHaveSingleItem();

        (state.Used, state.Reserved, state.Remaining).ShouldBe((1, 1, 8));
    }

    /// <summary>The deadline of storage, on a clock that the test has in its hands.</summary>
    private static LedgerOptions EightSeconds() => new()
    {
        ReserveDeadline = TimeSpan.FromSeconds(8),
        OutageBackOff = TimeSpan.FromMilliseconds(4),
    };

    /// <summary>Lets time go by as fast as it can until this is done.</summary>
    private static async Task TimePassesAsync(ManualTime time, Task until)
    {
        await Eventually.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(50));
            return until.IsCompleted;
        });
        await until;
    }

    public void Dispose() => _world.Dispose();
}
