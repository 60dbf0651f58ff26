using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Core;
using Freeway.Gateway.Models;
using Freeway.Tests.Shared;
using Freeway.Tests.Shared.Ledger;
using Microsoft.Extensions.Logging.Abstractions;

namespace Freeway.Gateway.Tests.ActivityLog;

public sealed class RefusalCounterTests
{
    private static readonly Refusal Spent = new(RefusalCode.FreeQuotaExceeded, "Spent.")
    {
        Limit = new SpentLimit("fastrouter-free.daily", 10, 10, "requests", "day", null),
    };

    private readonly ManualTime _clock = new();
    private readonly MemoryRefusalStore _store = new();
    private readonly RefusalCounter _tally;

    public RefusalCounterTests() => _tally = NewTally();

    [Fact]
    public async Task Count_OfManyRefusals_CostsNoStoreUntilItIsWritten()
    {
        for (var i = 0; i < 500; i++)
        {
            _tally.Count("acme", "demo/echo", Variant.Free, Spent);
        }

        _store.Saves.ShouldBe(0);
        await _tally.WriteAsync(default);

        _store.Saves.ShouldBe(1);
        (await AllAsync("acme")).ShouldBe([new(new RefusalKey("acme", _clock.GetUtcNow(), "demo/echo", "free", "free_quota_exceeded", "fastrouter-free.daily"), 500)]);
    }

    [Fact]
    public async Task Write_WithNothingNew_WritesNothing()
    {
        _tally.Count("acme", "demo/echo", Variant.None, Refuse.FreeSlugNotEnabled());
        await _tally.WriteAsync(default);

        await _tally.WriteAsync(default);
        _clock.Advance(TimeSpan.FromMinutes(3));
        await _tally.WriteAsync(default);

        _store.Saves.ShouldBe(1);
    }

    [Fact]
    public async Task Count_InOneMinuteOverSeveralWrites_IsOneCount()
    {
        for (var i = 0; i < 10; i++)
        {
            _tally.Count("acme", "demo/echo", Variant.Free, Spent);
            await _tally.WriteAsync(default);
            _clock.Advance(TimeSpan.FromSeconds(5));
        }

        (await AllAsync("acme")).ShouldHaveSingleItem().Count.ShouldBe(10);
    }

    [Fact]
    public async Task Write_InAnOutage_IsMadeGoodLater()
    {
        _tally.Count("acme", "demo/echo", Variant.Free, Spent);
        _store.Outage = true;
        await _tally.WriteAsync(default);
        _clock.Advance(TimeSpan.FromMinutes(2));
        _tally.Count("acme", "demo/echo", Variant.Free, Spent);
        await _tally.WriteAsync(default);

        _store.Outage = false;
        await _tally.WriteAsync(default);

        (await AllAsync("acme")).Select(count => count.Count).ShouldBe([1L, 1]);
    }

    [Fact]
    public async Task Count_WithAClockSetBack_LosesNothing()
    {
        var clock = new WanderingTime { Now = _clock.GetUtcNow() };
        var tally = NewTally(clock);
        tally.Count("acme", "demo/echo", Variant.Free, Spent);
        tally.Count("acme", "demo/echo", Variant.Free, Spent);
        clock.Now += TimeSpan.FromMinutes(1);
        await tally.WriteAsync(default);

        clock.Now -= TimeSpan.FromMinutes(1);
        tally.Count("acme", "demo/echo", Variant.Free, Spent);
        await tally.WriteAsync(default);

        (await AllAsync("acme")).Select(count => count.Count).ShouldBe([1L, 2]);
    }

    [Fact]
    public async Task Count_OfTwoLivesOfAProcessInOneMinute_AddsUp()
    {
        _tally.Count("acme", "demo/echo", Variant.Free, Spent);
        await _tally.WriteAsync(default);
        var next = NewTally();
        next.Count("acme", "demo/echo", Variant.Free, Spent);
        await next.WriteAsync(default);

        (await AllAsync("acme")).ShouldHaveSingleItem().Count.ShouldBe(2);
    }

    [Fact]
    public async Task Count_OfMoreKindsThanFit_IsBoundedAndKeepsThoseItHas()
    {
        for (var i = 0; i < RefusalCounter.MostCounts + 50; i++)
        {
            _tally.Count("acme", $"m{i}", Variant.Free, Spent);
        }

        _tally.Count("acme", "m0", Variant.Free, Spent);
        await _tally.WriteAsync(default);
        var counts = await AllAsync("acme");

        counts.Count.ShouldBe(RefusalCounter.MostCounts);
        counts.Single(count => count.Key.Model is "m0").Count.ShouldBe(2);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await _tally.WriteAsync(default);
        _tally.Count("acme", "new", Variant.Free, Spent);
        await _tally.WriteAsync(default);
        (await AllAsync("acme")).ShouldContain(count => count.Key.Model == "new", "what was written and is over makes room");
    }

    [Fact]
    public async Task Count_ByManyAtOnceWhileItIsWritten_CountsEachOnce()
    {
        var writing = Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            await Task.Yield();
            await _tally.WriteAsync(default);
        }));
        await Parallel.ForEachAsync(Enumerable.Range(0, 4000), async (i, _) =>
        {
            _tally.Count($"org{i % 3}", $"m{i % 5}", Variant.None, Spent);
            if (i % 100 is 0)
            {
                await _tally.WriteAsync(default);
            }
        });
        await writing;
        await _tally.WriteAsync(default);

        var total = 0L;
        for (var org = 0; org < 3; org++)
        {
            total += (await AllAsync($"org{org}")).Sum(count => count.Count);
        }

        total.ShouldBe(4000);
    }

    [Fact]
    public async Task Keeper_WhileItRunsAndWhenItStops_WritesWhatIsNew()
    {
        using var keeper = new RefusalCountWorker(_tally, _clock, NullLogger<RefusalCountWorker>.Instance);
        await keeper.StartAsync(default);
        await _clock.ArmedAsync(RefusalCountWorker.Every);
        _tally.Count("acme", "demo/echo", Variant.Free, Spent);
        _clock.Advance(RefusalCountWorker.Every);
        await Eventually.TrueAsync(() => _store.Saves is 1);

        _tally.Count("acme", "demo/echo", Variant.Free, Spent);
        await keeper.StopAsync(default);

        (await AllAsync("acme")).Sum(count => count.Count).ShouldBe(2);
    }

    private RefusalCounter NewTally(TimeProvider? clock = null) =>
        new(_store, new IdSource(clock ?? _clock), clock ?? _clock, NullLogger<RefusalCounter>.Instance);

    private async Task<IReadOnlyList<RefusalCount>> AllAsync(string org) =>
        await ((IRefusalStore)_store).StreamAsync(org, new RefusalQuery(1000), default).ToListAsync();

    private sealed class WanderingTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
