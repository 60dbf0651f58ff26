using Freeway.Gateway.Policies;
using Freeway.Tests.Shared.Ledger;
using Xunit.Abstractions;

namespace Freeway.Gateway.Tests.Ledger;

/// <summary>What many callers of one org cost in calls to the store, as the store counts them.</summary>
public sealed class ThroughputTests(ITestOutputHelper output) : IDisposable
{
    private const int Callers = 64;
    private const int Each = 20;

    private readonly LedgerWorld _world = new();

    [Fact]
    public async Task Reserve_SixtyFourCallersUnderThreeWindows_CostFarLessThanATransactionEach()
    {
        var process = _world.Process();
        BoundLimit[] limits =
        [
            RaceScenario.MinuteLimit(1000),
            RaceScenario.DailyLimit(1000),
            RaceScenario.Limit(LimitUnit.Requests, 5000, LimitWindow.Month),
        ];
        var admitted = 0;

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async _ =>
        {
            for (var turn = 0; turn < Each; turn++)
            {
                await Task.Yield();
                if ((await _world.AskAsync(process, limits)).Accepted(out var reservation, out var refusal))
                {
                    Interlocked.Increment(ref admitted);
                    await LedgerWorld.SettleAsync(process, reservation);
                }
            }
        }));

        var (calls, before) = (process.Store.Calls, admitted);
        for (var again = 0; again < 500; again++)
        {
            await _world.RefuseAsync(process, limits);
        }

        output.WriteLine($"{admitted} admitted in {_world.Store.Transactions} transactions and {_world.Store.Reads} reads, settlements among them: "
            + $"{(double)_world.Store.Transactions / admitted:F3} per admitted; 500 known refusals in {process.Store.Calls - calls} calls");
        before.ShouldBe(1000);
        _world.Store.Transactions.ShouldBeLessThan(admitted / 2);
        (process.Store.Calls - calls).ShouldBe(0);
    }

    public void Dispose() => _world.Dispose();
}
