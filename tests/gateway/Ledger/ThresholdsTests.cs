using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;
using Freeway.Tests.Shared.Ledger;

namespace Freeway.Gateway.Tests.Ledger;

/// <summary>Thresholds are seen where a settlement is booked: once a window, and for nothing.</summary>
public sealed class ThresholdsTests : IDisposable
{
    private readonly LedgerWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Settle_OfTenOfTen_ReachesEachThresholdOnce()
    {
        var process = _world.Process();
        var reached = new List<(int Request, int Percent, long Used)>();
        for (var request = 1; request <= 10; request++)
        {
            reached.AddRange((await SettleAsync(process, Claims(10), 1)).Select(one => (request, one.Percent, one.Used)));
        }

        reached.ShouldBe([(5, 50, 5), (8, 80, 8), (10, 100, 10)]);
        _world.Quota().Noticed.ShouldBe(100);
    }

    [Fact]
    public async Task Settle_OfSeveralInstancesAtOnce_ReachesEachThresholdOnce()
    {
        LedgerProcess[] processes = [_world.Process(), _world.Process(), _world.Process()];
        var reached = await Task.WhenAll(Enumerable.Range(0, 60).Select(index => SettleAsync(processes[index % 3], Claims(60), 1)));

        reached.SelectMany(one => one).Select(one => one.Percent).Order().ShouldBe([50, 80, 100]);
    }

    [Fact]
    public async Task Settle_InTheNextWindow_ReachesThemAnew()
    {
        var process = _world.Process();
        (await SettleAsync(process, Claims(1), 1)).Select(one => one.Percent).ShouldBe([50, 80, 100]);
        _world.Time.Jump(TimeSpan.FromDays(1));

        var next = await SettleAsync(process, Claims(1), 1);

        next.Select(one => (one.Percent, one.Window.Id)).ShouldBe([(50, "2026-05-30"), (80, "2026-05-30"), (100, "2026-05-30")]);
    }

    [Fact]
    public async Task Settle_AfterThePlanWasCutAndRaised_TellsWhatIsNewAlone()
    {
        var process = _world.Process();
        for (var request = 0; request < 4; request++)
        {
            (await SettleAsync(process, Claims(10), 1)).ShouldBeEmpty();
        }

        (await SettleAsync(process, Claims(6), 1)).Select(one => one.Percent).ShouldBe([50, 80], "five of six");
        (await SettleAsync(process, Claims(10), 1)).ShouldBeEmpty("six of ten are above a half, which was told");
        (await SettleAsync(process, Claims(7), 1)).Select(one => one.Percent).ShouldBe([100]);
    }

    [Fact]
    public async Task Settle_OfWhatIsGivenBack_ReachesNothing()
    {
        var process = _world.Process();

        (await SettleAsync(process, Claims(1), 0)).ShouldBeEmpty();

        _world.Quota(RaceScenario.DailyLimit(1)).Noticed.ShouldBe(0);
    }

    [Fact]
    public async Task Settle_OfAnAccount_IsLowOnceAfterEachTopUp()
    {
        var process = _world.Process(new LedgerOptions { ReserveDeadline = TimeSpan.FromSeconds(60), LowCreditUsd = 1 });
        await _world.TopUpAsync(process, 1_500_000_000);
        IReadOnlyList<Claim> pay = [new Claim(Account.Prepaid, 400_000_000)];

        (await SettleAsync(process, pay, 400_000_000)).ShouldBeEmpty("1.10 USD are left");
        var low = (await SettleAsync(process, pay, 400_000_000)).ShouldHaveSingleItem();
        (await SettleAsync(process, pay, 400_000_000)).ShouldBeEmpty();
        await _world.TopUpAsync(process, 500_000_000);
        var again = (await SettleAsync(process, pay, 100_000_000)).ShouldHaveSingleItem();

        (low.Amount, low.Used).ShouldBe((1_500_000_000, 800_000_000));
        (again.Amount, again.Used).ShouldBe((2_000_000_000, 1_300_000_000));
    }

    [Theory]
    [InlineData(LimitUnit.Requests, LimitWindow.Minute, 1)]
    [InlineData(LimitUnit.ConcurrentRequests, LimitWindow.None, 1)]
    [InlineData(LimitUnit.NanoDollars, LimitWindow.Lifetime, long.MaxValue)]
    public async Task Settle_OfALimitThatIsNoAmount_ReachesNothing(LimitUnit unit, LimitWindow window, long amount)
    {
        var limit = Samples.Limit(unit, amount, window, "none");

        (await SettleAsync(_world.Process(), [new Claim(limit, 1)], 1)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Request_ThatReachesAThreshold_CostsTheTransactionsOfAnyOther()
    {
        var process = _world.Process();
        var commits = 0;
        process.Store.Committing = _ =>
        {
            commits++;
            return Task.CompletedTask;
        };

        var costs = new List<(int Commits, int Reached)>();
        for (var request = 0; request < 10; request++)
        {
            var before = commits;
            var reached = await SettleAsync(process, Claims(10), 1);
            costs.Add((commits - before, reached.Count));
        }

        costs.Where(cost => cost.Reached > 0).Select(cost => cost.Commits).Distinct()
            .ShouldBe(costs.Where(cost => cost.Reached is 0).Select(cost => cost.Commits).Distinct());
    }

    [Fact]
    public async Task Recovery_OfARequestThatReachesAThreshold_PutsItIntoTheRecord()
    {
        var (owner, other) = (_world.Process(), _world.Process());
        await _world.AdmitAsync(owner, RaceScenario.DailyLimit(1));
        _world.Time.Jump(TimeSpan.FromSeconds(100));

        (await other.Recovery.RunAsync(CancellationToken.None)).ShouldBe(1);

        var record = _world.Queue.Accepted.Values.SelectMany(records => records).ShouldHaveSingleItem();
        record.Reached!.Select(one => one.Percent).ShouldBe([50, 80, 100]);
    }

    private static IReadOnlyList<Claim> Claims(long limit) => [new Claim(RaceScenario.DailyLimit(limit), 1)];

    private async Task<IReadOnlyList<ReachedThreshold>> SettleAsync(LedgerProcess process, IReadOnlyList<Claim> claims, long used)
    {
        var reservation = await _world.AdmitAsync(process, claims);
        IReadOnlyList<ReachedThreshold> reached = [];
        await process.Ledger.SettleAsync(
            reservation, [.. claims.Select(claim => new Claim(claim.Bound, used))],
            booked =>
            {
                reached = booked.Reached;
                return LedgerAudit.Record(reservation.RequestId, booked.Amounts);
            },
            null, CancellationToken.None);
        return reached;
    }
}
