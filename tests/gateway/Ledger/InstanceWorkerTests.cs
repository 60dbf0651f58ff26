using Freeway.Gateway.Ledger;
using Freeway.Tests.Shared;
using Freeway.Tests.Shared.Ledger;
using Microsoft.Extensions.Logging.Abstractions;

namespace Freeway.Gateway.Tests.Ledger;

public sealed class InstanceWorkerTests : IDisposable
{
    private readonly LedgerWorld _world = new();
    private readonly ManualTime _time = new();
    private readonly LedgerProcess _process;
    private readonly InstanceWorker _keeper;

    public InstanceWorkerTests()
    {
        _process = new LedgerProcess(_world.Store, _world.Instances, _world.Queue, _time, 1);
        _keeper = new InstanceWorker(
            _process.Lease, _process.Ledger, _process.Store, _process.Instances, _time, _process.Options, NullLogger<InstanceWorker>.Instance);
    }

    [Fact]
    public async Task Run_ForHours_KeepsTheLease()
    {
        await _keeper.StartAsync(CancellationToken.None);
        var reservation = await _world.AdmitAsync(_process);
        for (var beat = 0; beat < 60; beat++)
        {
            await _time.ArmedAsync(_process.Options.HeartbeatEvery);
            _time.Advance(_process.Options.HeartbeatEvery);
            var now = _time.GetUtcNow();
            await Eventually.TrueAsync(() => Beats().Single().At == now);
        }

        Beats().ShouldHaveSingleItem().Instance.ShouldBe(reservation.Row.Instance);
        await _keeper.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Run_ABeatFails_ShowsLifeAtTheNext()
    {
        await _keeper.StartAsync(CancellationToken.None);
        await _world.AdmitAsync(_process);
        await _time.ArmedAsync(_process.Options.HeartbeatEvery);
        var calls = _process.Instances.Calls;
        _process.Instances.Down = true;
        _time.Advance(_process.Options.HeartbeatEvery);
        await Eventually.TrueAsync(() => _process.Instances.Calls > calls);
        await _time.ArmedAsync(_process.Options.HeartbeatEvery);
        _process.Instances.Down = false;

        _time.Advance(_process.Options.HeartbeatEvery);

        await Eventually.TrueAsync(() => Beats().Single().At == _time.GetUtcNow());
        await _keeper.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Stop_NothingIsOpen_LeavesNothingBehind()
    {
        await _keeper.StartAsync(CancellationToken.None);
        var finished = await LedgerWorld.SettleAsync(_process, await _world.AdmitAsync(_process));
        await _process.Outbox.DeliverAsync(LedgerWorld.Org, finished!, CancellationToken.None);

        await _keeper.StopAsync(CancellationToken.None);

        _world.Instances.Registrations().ShouldBeEmpty();
        Beats().ShouldBeEmpty();
    }

    [Fact]
    public async Task Stop_ARequestIsOpen_LeavesItToRecovery()
    {
        await _keeper.StartAsync(CancellationToken.None);
        await _world.AdmitAsync(_process);

        await _keeper.StopAsync(CancellationToken.None);

        _world.Instances.Registrations().ShouldHaveSingleItem();
        Beats().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Stop_TheStoreIsDown_EndsAllTheSame()
    {
        await _keeper.StartAsync(CancellationToken.None);
        await _world.AdmitAsync(_process);
        _process.Store.Down = true;

        await _keeper.StopAsync(CancellationToken.None);

        _world.Instances.Registrations().ShouldHaveSingleItem();
    }

    public void Dispose()
    {
        _keeper.Dispose();
        _process.Dispose();
        _world.Dispose();
    }

    private IReadOnlyList<InstanceHeartbeat> Beats() => _world.Instances.ListAsync(CancellationToken.None).GetAwaiter().GetResult();
}
