using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;
using Freeway.Gateway.Upstreams.Leasing;
using Freeway.Gateway.Upstreams.Routing;
using Xunit.Abstractions;

namespace Freeway.Gateway.Tests.Upstreams.Leasing;

/// <summary>A day of a pool: ten free upstreams, three instances, 5,000 requests, on a virtual clock.</summary>
public sealed class PoolDayTests(ITestOutputHelper output)
{
    private static readonly DateTimeOffset Midnight = new(2026, 5, 29, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Pool_FiveThousandRequestsInADay_StaysWithinEveryLimitAndWastesLittle()
    {
        var world = new AllowanceWorld(Midnight);
        var upstreams = ScriptedUpstream.Ten();
        List<AllowanceInstance> instances = [world.Instance(), world.Instance(), world.Instance()];
        var random = new Random(5000);
        var (served, refused, calls) = (0, 0, 0);
        for (var request = 0; request < 5000; request++)
        {
            // Bursts by day, little by night.
            var peak = 1 + Math.Sin(Math.PI * world.Time.GetUtcNow().TimeOfDay.TotalHours / 24);
            world.Time.Advance(TimeSpan.FromSeconds(-Math.Log(1 - random.NextDouble()) * 27.5 / peak));
            if (request is 2500)
            {
                // One dies with its blocks out, another takes its place.
                instances[0].Way.Kill();
                instances[0] = world.Instance();
            }

            foreach (var instance in instances)
            {
                await instance.Allowances.SweepAsync();
            }

            (served, refused) = await ServeAsync(instances[random.Next(3)], random.Next(200, 3000)) ? (served + 1, refused) : (served, refused + 1);
        }

        var free = upstreams.Sum(upstream => upstream.FreeADay);
        var used = upstreams.Sum(upstream => (long)upstream.ServedToday);
        world.Time.GetUtcNow().ShouldBeLessThan(Midnight.AddDays(1));
        output.WriteLine($"until {world.Time.GetUtcNow():HH:mm}: {served} served, {refused} refused, {calls} calls, {world.Trips} storage trips ({(double)world.Trips / calls:F2} a call)");
        output.WriteLine($"used {used} of {free} free requests a day: {(double)used / free:P1}");
        foreach (var upstream in upstreams)
        {
            output.WriteLine(upstream.ToString());
        }

        upstreams.ShouldAllBe(upstream => upstream.Refusals == 0);
        ((double)world.Trips / calls).ShouldBeLessThan(4);
        ((double)used / Math.Min(free, 5000)).ShouldBeGreaterThan(0.97);

        async Task<bool> ServeAsync(AllowanceInstance instance, long tokens)
        {
            var order = PoolOrder.Of(upstreams, upstream => instance.Allowances.Standing(upstream.Partition, upstream.Limits), world.Time.GetUtcNow());
            foreach (var upstream in order)
            {
                IReadOnlyList<Claim> takes = [.. upstream.Limits.Select(limit => new Claim(limit, limit.Limit.Unit is LimitUnit.Tokens ? tokens * 2 : 1))];
                if ((await instance.Allowances.TakeAsync(upstream.Partition, takes, CancellationToken.None)).Granted(out var allowance, out _))
                {
                    calls++;
                    var answered = upstream.Call(tokens, world.Time.GetUtcNow());
                    allowance.Settle(unit => unit is LimitUnit.Tokens ? tokens : 1);
                    return answered;
                }
            }

            return false;
        }
    }
}
