using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;
using Freeway.Gateway.Upstreams.Leasing;

namespace Freeway.Gateway.Tests.Upstreams.Leasing;

public sealed class BlockTests
{
    private readonly AllowanceWorld _world = new();
    private readonly BoundLimit _thousand = AllowanceWorld.Limit(1000);

    [Fact]
    public async Task Take_AThousandTimesFromOneInstance_CostsFewStorageTrips()
    {
        (await _world.Instance().SpendAllAsync(_thousand)).ShouldBe(1000);

        _world.Trips.ShouldBeLessThan(60);
    }

    [Fact]
    public async Task Take_TwoLimitsWithBlocks_FillsThemUpTogether()
    {
        var minute = AllowanceWorld.Limit(1000, LimitWindow.Minute);

        (await _world.Instance().SpendAllAsync(_thousand, minute)).ShouldBe(1000);

        _world.Trips.ShouldBeLessThan(70);
    }

    [Fact]
    public async Task Take_OneLimitIsSpent_TakesNothingOfTheOther()
    {
        var (instance, one) = (_world.Instance(), AllowanceWorld.Limit(1, LimitWindow.Minute));
        (await instance.TakeAsync(_thousand, one)).SettleWhole();

        var shortage = await instance.MissAsync(_thousand, one);

        shortage.Limit.ShouldBe("requests-minute");
        shortage.Until.ShouldBe(new DateTimeOffset(2026, 5, 29, 12, 1, 0, TimeSpan.Zero));
        await instance.Allowances.DrainAsync(CancellationToken.None);
        var row = _world.Row(_thousand);
        (row.Used, row.Reserved).ShouldBe((1, 0));
    }

    [Fact]
    public async Task Take_SpentLimit_IsPassedOverWithoutATrip()
    {
        var instance = _world.Instance();
        var ten = AllowanceWorld.Limit(10);
        await instance.SpendAllAsync(ten);
        _world.Time.Advance(TimeSpan.FromSeconds(3));
        await instance.Allowances.SweepAsync();
        await instance.MissAsync(ten);
        var trips = _world.Trips;

        for (var ask = 0; ask < 100; ask++)
        {
            await instance.MissAsync(ten);
            _world.Time.Advance(TimeSpan.FromMilliseconds(250));
        }

        _world.Trips.ShouldBe(trips);
    }

    [Fact]
    public async Task Take_SpentByThisInstanceBeforeTheLedgerKnows_IsPassedOverWithoutATrip()
    {
        var (instance, ten) = (_world.Instance(), AllowanceWorld.Limit(10));
        await instance.SpendAllAsync(ten);
        _world.Row(ten).Used.ShouldBeLessThan(10);
        var trips = _world.Trips;

        // The row is too old to refuse by what others have leased, and nothing has been given back yet.
        _world.Time.Advance(TimeSpan.FromSeconds(1.5));

        instance.Allowances.KnownShortage(AllowanceWorld.Key, [new Claim(ten, 1)]).ShouldNotBeNull();
        await instance.MissAsync(ten);
        _world.Trips.ShouldBe(trips);
    }

    [Fact]
    public async Task Take_HeldByAnotherInstance_IsAskedForAgainAfterASecond()
    {
        var (one, other, ten) = (_world.Instance(), _world.Instance(), AllowanceWorld.Limit(10));
        var held = new List<QuotaLease>();
        for (var attempt = 0; attempt < 10; attempt++)
        {
            held.Add(await other.TakeAsync(ten));
        }

        await one.MissAsync(ten);
        _world.Time.Advance(TimeSpan.FromSeconds(1.5));

        one.Allowances.KnownShortage(AllowanceWorld.Key, [new Claim(ten, 1)]).ShouldBeNull();
        held.ForEach(lease => lease.GiveBack());
        await other.Allowances.DrainAsync(CancellationToken.None);
        await one.TakeAsync(ten);
    }

    [Fact]
    public async Task Take_OneIsLeftOfTheBlock_IsNotCountedTwice()
    {
        var (instance, ten) = (_world.Instance(), AllowanceWorld.Limit(10));
        for (var attempt = 0; attempt < 9; attempt++)
        {
            (await instance.TakeAsync(ten)).SettleWhole();
        }

        _world.Time.Advance(TimeSpan.FromSeconds(1.5));

        instance.Allowances.KnownShortage(AllowanceWorld.Key, [new Claim(ten, 1)]).ShouldBeNull();
        instance.Allowances.KnownShortage(AllowanceWorld.Key, [new Claim(ten, 2)]).ShouldNotBeNull();
    }

    [Fact]
    public async Task Block_WhereLittleIsLeft_IsOne()
    {
        var (one, other) = (_world.Instance(), _world.Instance());
        var four = AllowanceWorld.Limit(4);

        await one.TakeAsync(four);
        await one.TakeAsync(four);
        await other.TakeAsync(four);
        await other.TakeAsync(four);

        await one.MissAsync(four);
        await other.MissAsync(four);
    }

    [Fact]
    public async Task Block_WhereMuchIsLeft_IsNeverMoreThanItsShare()
    {
        var hundred = AllowanceWorld.Limit(100);

        await _world.Instance().TakeAsync(hundred);

        // One for the attempt, and a quarter of the 99 that were left.
        _world.Row(hundred).Reserved.ShouldBe(1 + 24);
    }

    [Fact]
    public async Task Block_OfAnEndlessLimit_IsBounded()
    {
        var endless = AllowanceWorld.Limit(1_000_000_000);

        await _world.Instance().TakeAsync(endless);

        _world.Row(endless).Reserved.ShouldBe(1 + new QuotaLeaseOptions().MostAttempts);
    }

    [Fact]
    public async Task Block_WindowTurns_IsNeverSpentInTheNext()
    {
        var (one, other) = (_world.Instance(), _world.Instance());
        var minute = AllowanceWorld.Limit(40, LimitWindow.Minute);
        (await one.TakeAsync(minute)).SettleWhole();
        _world.Time.Advance(TimeSpan.FromSeconds(60));

        var spent = await other.SpendAllAsync(minute) + await one.SpendAllAsync(minute);

        spent.ShouldBe(40);
        _world.Row(minute).Window.Id.ShouldBe("2026-05-29T12:01");
    }

    [Fact]
    public async Task Allowance_SettledAfterItsWindow_ChangesNothing()
    {
        var instance = _world.Instance();
        var tokens = AllowanceWorld.Limit(1000, LimitWindow.Minute, LimitUnit.Tokens);
        (await instance.AskAsync(tokens, 400)).Granted(out var old, out _).ShouldBeTrue();
        _world.Time.Advance(TimeSpan.FromSeconds(60));
        (await instance.AskAsync(tokens, 1000)).Granted(out var whole, out _).ShouldBeTrue();

        old!.Settle(_ => 5);

        (await instance.AskAsync(tokens, 1)).Granted(out _, out _).ShouldBeFalse();
        whole!.Settle(_ => 990);
        (await instance.AskAsync(tokens, 10)).Granted(out _, out _).ShouldBeTrue();
        (await instance.AskAsync(tokens, 1)).Granted(out _, out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Tokens_UsedLessThanTaken_CanBeTakenAgain()
    {
        var instance = _world.Instance();
        var tokens = AllowanceWorld.Limit(1000, LimitWindow.Day, LimitUnit.Tokens);

        for (var request = 0; request < 100; request++)
        {
            (await instance.AskAsync(tokens, 500)).Granted(out var allowance, out _).ShouldBeTrue();
            allowance!.Settle(unit => unit is LimitUnit.Tokens ? 5 : 1);
        }

        await instance.Allowances.DrainAsync(CancellationToken.None);
        var row = _world.Row(tokens);
        (row.Used, row.Reserved).ShouldBe((500, 0));
    }

    [Fact]
    public async Task Tokens_UsedMoreThanTaken_AreOwedToTheLedger()
    {
        var (one, other) = (_world.Instance(), _world.Instance());
        var tokens = AllowanceWorld.Limit(1000, LimitWindow.Day, LimitUnit.Tokens);
        (await one.AskAsync(tokens, 10)).Granted(out var allowance, out _).ShouldBeTrue();

        allowance!.Settle(_ => 900);
        await one.Allowances.DrainAsync(CancellationToken.None);

        (await other.AskAsync(tokens, 101)).Granted(out _, out _).ShouldBeFalse();
        (await other.AskAsync(tokens, 100)).Granted(out _, out _).ShouldBeTrue();
        var row = _world.Row(tokens);
        (row.Used + row.Reserved).ShouldBe(1000);
    }

    [Fact]
    public async Task Allowance_GivenBack_CountsNothingAndTwiceIsOnce()
    {
        var instance = _world.Instance();
        var two = AllowanceWorld.Limit(2);

        for (var attempt = 0; attempt < 10; attempt++)
        {
            var allowance = await instance.TakeAsync(two);
            allowance.GiveBack();
            allowance.GiveBack();
        }

        (await instance.SpendAllAsync(two)).ShouldBe(2);
    }

    [Fact]
    public async Task Sweep_BlockIsIdle_GivesItBackToOthers()
    {
        var (one, other) = (_world.Instance(), _world.Instance());
        var forty = AllowanceWorld.Limit(40);
        (await one.TakeAsync(forty)).SettleWhole();
        _world.Time.Advance(TimeSpan.FromSeconds(121));

        await one.Allowances.SweepAsync();

        (await other.SpendAllAsync(forty)).ShouldBe(39);
    }

    [Fact]
    public async Task Sweep_LittleIsLeftBesideTheBlock_GivesItBackSoon()
    {
        var (one, other) = (_world.Instance(), _world.Instance());
        var hundred = AllowanceWorld.Limit(100);
        (await one.TakeAsync(hundred)).SettleWhole();
        (await other.SpendAllAsync(hundred)).ShouldBe(75);
        var ten = AllowanceWorld.Limit(10, LimitWindow.Month);
        await one.Allowances.TakeAsync(AllowanceWorld.Key, [new Freeway.Gateway.Ledger.Claim(ten, 4)], CancellationToken.None);
        await other.Allowances.TakeAsync(AllowanceWorld.Key, [new Freeway.Gateway.Ledger.Claim(ten, 3)], CancellationToken.None);
        _world.Time.Advance(TimeSpan.FromSeconds(3));

        await one.Allowances.SweepAsync();
        await other.Allowances.SweepAsync();

        // What was idle is back but for what is under way; the hundred was not scarce when it was last looked at.
        _world.Row(ten).Reserved.ShouldBe(4 + 3);
        _world.Row(hundred).Reserved.ShouldBe(25);
    }

    [Fact]
    public async Task Drain_InstanceStops_LosesNothingAndGrantsNothingMore()
    {
        var (one, other) = (_world.Instance(), _world.Instance());
        var forty = AllowanceWorld.Limit(40);
        (await one.TakeAsync(forty)).SettleWhole();

        await one.Allowances.DrainAsync(CancellationToken.None);

        (await one.MissAsync(forty)).Limit.ShouldBeNull();
        (await other.SpendAllAsync(forty)).ShouldBe(39);
    }

    [Fact]
    public async Task Crash_BlockIsOut_WastesNoMoreThanItsBoundAndNothingAfterTheWindow()
    {
        var (dead, other) = (_world.Instance(), _world.Instance());
        var hundred = AllowanceWorld.Limit(100);
        await dead.TakeAsync(hundred);
        dead.Way.Kill();

        var spent = await other.SpendAllAsync(hundred);

        spent.ShouldBe(100 - 25);
        _world.Time.Advance(TimeSpan.FromDays(1));
        (await other.SpendAllAsync(hundred)).ShouldBe(100);
    }

    [Fact]
    public async Task Take_ManyAtOnceOfOneInstance_ShareOneTrip()
    {
        var instance = _world.Instance();

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => instance.AskAsync(_thousand)));

        answers.Count(answer => answer.Granted(out _, out _)).ShouldBe(200);
        _world.Trips.ShouldBeLessThan(40);
    }

    [Fact]
    public async Task Take_CallerHasLeft_TakesNothing()
    {
        var instance = _world.Instance();
        var going = new TaskCompletionSource();
        var sending = new TaskCompletionSource();
        instance.Way.Committing = _ =>
        {
            sending.TrySetResult();
            return going.Task;
        };
        using var leaving = new CancellationTokenSource();
        var one = AllowanceWorld.Limit(1);
        var asked = instance.Allowances.TakeAsync(AllowanceWorld.Key, [new Freeway.Gateway.Ledger.Claim(one, 1)], leaving.Token);
        await sending.Task;

        await leaving.CancelAsync();
        going.SetResult();

        await Should.ThrowAsync<OperationCanceledException>(asked);
        instance.Way.Committing = null;
        (await instance.TakeAsync(one)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Ledger_IsDown_NothingIsCalledUncounted()
    {
        var instance = _world.Instance(new QuotaLeaseOptions { Deadline = TimeSpan.FromMilliseconds(100) }, clock: TimeProvider.System);
        instance.Way.Down = true;

        (await instance.MissAsync(_thousand)).Limit.ShouldBeNull();

        instance.Way.Down = false;
        await instance.TakeAsync(_thousand);
    }

    [Fact]
    public async Task Correct_UpstreamCountsMore_FollowsItDownAndNeverUp()
    {
        var (instance, other) = (_world.Instance(), _world.Instance());
        var hundred = AllowanceWorld.Limit(100);
        (await instance.TakeAsync(hundred)).SettleWhole();

        Correct(20);
        Correct(90);

        (await instance.SpendAllAsync(hundred)).ShouldBe(20);
        _world.Time.Advance(TimeSpan.FromSeconds(121));
        await instance.Allowances.SweepAsync();
        (await other.SpendAllAsync(hundred)).ShouldBe(0);
        _world.Row(hundred).Used.ShouldBe(100);

        void Correct(long remaining) => instance.Allowances.Correct(
            AllowanceWorld.Key, [hundred], [new RateLimitObservation(LimitUnit.Requests, null, 100, remaining, null)]);
    }

    [Fact]
    public async Task Correct_UpstreamAgrees_ChangesNothing()
    {
        var instance = _world.Instance();
        var hundred = AllowanceWorld.Limit(100);

        for (var left = 99; left >= 0; left--)
        {
            (await instance.TakeAsync(hundred)).SettleWhole();
            instance.Allowances.Correct(AllowanceWorld.Key, [hundred], [new RateLimitObservation(LimitUnit.Requests, null, 100, left, null)]);
        }

        await instance.MissAsync(hundred);
    }

    [Fact]
    public async Task Correct_AnotherWindowsRest_IsNotOurs()
    {
        var instance = _world.Instance();
        var hundred = AllowanceWorld.Limit(100);
        (await instance.TakeAsync(hundred)).SettleWhole();

        instance.Allowances.Correct(
            AllowanceWorld.Key, [hundred],
            [new(LimitUnit.Requests, null, 20, 0, null), new(LimitUnit.Tokens, null, 100, 0, null), new(LimitUnit.Requests, LimitWindow.Minute, 100, 0, null), new(LimitUnit.Requests, null, null, 0, _world.Time.GetUtcNow().AddSeconds(30))]);

        (await instance.SpendAllAsync(hundred)).ShouldBe(99);
    }
}
