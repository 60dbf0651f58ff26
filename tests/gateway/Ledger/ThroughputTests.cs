using Freeway.Gateway.Core;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;
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
        var (admitted, callers, waiting) = (0, Callers, 0);
        // A transaction goes once every caller waits for one: what they cost does not hang on how busy the machine is.
        process.Store.Committing = _ => Eventually.TrueAsync(() => Volatile.Read(ref waiting) == Volatile.Read(ref callers));

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async _ =>
        {
            for (var turn = 0; turn < Each; turn++)
            {
                await Task.Yield();
                if ((await WaitAsync(_world.AskAsync(process, limits))).Accepted(out var reservation, out var refusal))
                {
                    Interlocked.Increment(ref admitted);
                    await WaitAsync(LedgerWorld.SettleAsync(process, reservation));
                }
            }

            Interlocked.Decrement(ref callers);
        }));

        var (calls, before) = (process.Store.Calls, admitted);
        for (var again = 0; again < 500; again++)
        {
            await _world.RefuseAsync(process, limits);
        }

        output.WriteLine($"{admitted} admitted in {_world.Store.Transactions} transactions and {_world.Store.Reads} reads, settlements among them: "
            + $"{(double)_world.Store.Transactions / admitted:F3} per admitted; 500 known refusals in {process.Store.Calls - calls} calls");
        before.ShouldBe(1000);
        _world.Store.Transactions.ShouldBeLessThan(admitted / 4);
        (process.Store.Calls - calls).ShouldBe(0);

        async Task<T> WaitAsync<T>(Task<T> asked)
        {
            Interlocked.Increment(ref waiting);
            try
            {
                return await asked;
            }
            finally
            {
                Interlocked.Decrement(ref waiting);
            }
        }
    }

    public void Dispose() => _world.Dispose();
}
