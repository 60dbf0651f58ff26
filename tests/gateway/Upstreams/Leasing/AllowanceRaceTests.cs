using System.Collections.Concurrent;
using Freeway.Gateway.Plans;
using Freeway.Gateway.Upstreams.Leasing;
using Freeway.Tests.Shared;
using Freeway.Tests.Shared.Ledger;

namespace Freeway.Gateway.Tests.Upstreams.Leasing;

public sealed class AllowanceRaceTests
{
    private static readonly QuotaLeaseOptions Patient = new() { Deadline = TimeSpan.FromSeconds(20), ShortFor = TimeSpan.Zero, SpentFor = TimeSpan.Zero };
    private readonly AllowanceWorld _world = new();
    private readonly BoundLimit _limit = AllowanceWorld.Limit(300);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Take_FourInstancesRace_GrantsExactlyTheLimit(int seed)
    {
        var shared = new SharedTime(_world.Time.GetUtcNow());
        var instances = Enumerable.Range(0, 4)
            .Select(index => _world.Instance(Patient, clock: new SkewedClock(shared, TimeSpan.FromMilliseconds(index * seed)))).ToList();

        var granted = await RaceAsync(instances, 200);
        foreach (var instance in instances)
        {
            await instance.Allowances.DrainAsync(CancellationToken.None);
        }

        // Blocks of others that were idle when some were refused are back now.
        var late = _world.Instance(Patient, clock: new SkewedClock(shared, TimeSpan.Zero));
        (granted + await late.SpendAllAsync(_limit)).ShouldBe(300);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public async Task Take_AnswersAreLostAndWritesLandLate_NeverGrantsOneMore(int seed)
    {
        var shared = new SharedTime(_world.Time.GetUtcNow());
        var faults = FaultRates.All(0.12);
        var instances = Enumerable.Range(0, 3)
            .Select(index => _world.Instance(Patient, faults, new SkewedClock(shared, TimeSpan.FromMilliseconds(index * seed)))).ToList();

        var granted = await RaceAsync(instances, 120);
        instances.ForEach(instance => instance.Way.Rates = FaultRates.None);
        foreach (var instance in instances)
        {
            await instance.Allowances.DrainAsync(CancellationToken.None);
            await instance.Way.LandAllAsync();
        }

        var late = _world.Instance(Patient, clock: new SkewedClock(shared, TimeSpan.Zero));
        var all = granted + await late.SpendAllAsync(_limit);
        all.ShouldBeInRange(1, 300);
        granted.ShouldBeGreaterThan(30);
    }

    /// <summary>Takes, and either settles or gives back; counts what was settled.</summary>
    private async Task<int> RaceAsync(IReadOnlyList<AllowanceInstance> instances, int each)
    {
        var settled = new ConcurrentBag<bool>();
        await Task.WhenAll(instances.SelectMany(instance => Enumerable.Range(0, each).Select(async attempt =>
        {
            await Task.Yield();
            if (!(await instance.AskAsync(_limit)).Granted(out var allowance, out _))
            {
                return;
            }

            if (attempt % 5 is 0)
            {
                allowance.GiveBack();
                return;
            }

            allowance.SettleWhole();
            settled.Add(true);
        })));
        return settled.Count;
    }
}
