using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Core;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Tests.Ledger;
using Freeway.Tests.Shared.Ledger;

namespace Freeway.Gateway.Tests.ActivityLog;

/// <summary>Records that wait too long are seen, whoever left them.</summary>
public sealed class OutboxAlarmTests : IDisposable
{
    private readonly LedgerWorld _world = new();
    private readonly LedgerProcess _process;

    public OutboxAlarmTests() => _process = _world.Process();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Rows_OfADeadInstance_AreSeenByAnotherUntilRecoveryHasThem(bool finished)
    {
        var reservation = await _world.AdmitAsync(_process);
        if (finished)
        {
            await LedgerWorld.SettleAsync(_process, reservation);
        }

        _process.Kill();
        var other = _world.Process();
        await other.Lease.NextAsync(LedgerWorld.Org, CancellationToken.None);
        _world.Time.Jump(TimeSpan.FromMinutes(4));
        await other.Lease.BeatAsync(CancellationToken.None);
        (await LookAsync(other)).ShouldBeNull();

        _world.Time.Jump(TimeSpan.FromMinutes(2));
        (await LookAsync(other)).ShouldNotBeNull().Detail.ShouldBe("1 activity records wait for the queue, the oldest for 6 min.");

        await other.Recovery.RunAsync(CancellationToken.None);
        (await LookAsync(other)).ShouldBeNull();
    }

    [Fact]
    public async Task Rows_OfThisProcess_AreSeenWhileTheBrokerIsAway()
    {
        await LedgerWorld.SettleAsync(_process, await _world.AdmitAsync(_process));
        _world.Queue.Down = true;
        _process.Outbox.MarkBehind(_process.Lease.Instance!, LedgerWorld.Org);
        await _world.AdmitAsync(_process);

        _world.Time.Jump(TimeSpan.FromMinutes(6));
        var sight = (await LookAsync(_process)).ShouldNotBeNull();
        sight.Detail.ShouldStartWith("1 activity records", customMessage: "what is under way does not wait");
        sight.Since!.Value.ShouldBe(_process.Clock.GetUtcNow() - TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(10));

        _world.Queue.Down = false;
        await _process.Outbox.CatchUpAsync(CancellationToken.None);
        (await LookAsync(_process)).ShouldBeNull();
    }

    [Fact]
    public async Task Rows_OfAnInstanceThatLives_AreItsOwnBusiness()
    {
        await LedgerWorld.SettleAsync(_process, await _world.AdmitAsync(_process));
        var other = _world.Process();
        _world.Time.Jump(TimeSpan.FromMinutes(6));
        await _process.Lease.NextAsync(LedgerWorld.Org, CancellationToken.None);

        (await LookAsync(other)).ShouldNotBeNull("its first id was silent for too long");
        await other.Recovery.RunAsync(CancellationToken.None);
        await LedgerWorld.SettleAsync(_process, await _world.AdmitAsync(_process));
        _world.Time.Jump(TimeSpan.FromSeconds(80));
        (await LookAsync(other)).ShouldBeNull();
    }

    private static Task<AlarmStatus?> LookAsync(LedgerProcess process) =>
        new OutboxAlarm(process.Instances, process.Store, process.Outbox, process.Lease, process.Clock, process.Options).LookAsync(CancellationToken.None);
}
