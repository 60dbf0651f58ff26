using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;
using Freeway.Tests.Shared;
using Freeway.Tests.Shared.Ledger;

namespace Freeway.Gateway.Tests.Ledger;

public sealed class QuotaCleanupTests : IDisposable
{
    private readonly LedgerWorld _world = new();
    private readonly LedgerProcess _process;

    public QuotaCleanupTests() => _process = _world.Process();

    [Fact]
    public async Task Tidy_YesterdaysRows_AreWholeForToday()
    {
        await LedgerWorld.SettleAsync(_process, await _world.AdmitAsync(_process));
        _world.Time.Jump(TimeSpan.FromHours(12));

        (await TidyAsync()).ShouldBe(1);

        _world.Quota().ShouldSatisfyAllConditions(
            row => row.Window.Id.ShouldBe("2026-05-30"), row => row.Used.ShouldBe(0), row => row.Limit.ShouldBe(10));
        (await TidyAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Tidy_RowsOfATimeZone_AreWholeOnceTheirOwnDayIsOver()
    {
        var pacific = TimeZoneInfo.FindSystemTimeZoneById("America/Los_Angeles");
        var limit = LedgerWorld.Ten with { Limit = LedgerWorld.Ten.Limit with { Zone = pacific } };
        await LedgerWorld.SettleAsync(_process, await _world.AdmitAsync(_process, limit));

        _world.Time.Jump(TimeSpan.FromHours(12));
        (await TidyAsync()).ShouldBe(0);
        _world.Time.Jump(TimeSpan.FromHours(8));
        (await TidyAsync()).ShouldBe(1);

        _world.Quota(limit).ShouldSatisfyAllConditions(
            row => row.Window.ShouldBe(new WindowSpan("2026-05-30@America/Los_Angeles", new DateTimeOffset(2026, 5, 31, 7, 0, 0, TimeSpan.Zero))),
            row => row.Used.ShouldBe(0));
    }

    [Fact]
    public async Task Tidy_TodaysRows_AreLeftAlone()
    {
        await LedgerWorld.SettleAsync(_process, await _world.AdmitAsync(_process));

        (await TidyAsync()).ShouldBe(0);

        _world.Quota().Used.ShouldBe(1);
    }

    [Fact]
    public async Task Tidy_ARowRunsFromItsFirstUse_IsLeftForItsNextUse()
    {
        var rolling = new BoundLimit("plan.rolling", "*", new Limit("rolling", LimitUnit.Requests, 5, LimitWindow.Rolling30Days, LimitScope.Org));
        await _world.AdmitAsync(_process, rolling);
        _world.Time.Jump(TimeSpan.FromDays(31));

        (await TidyAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Tidy_WhileAnActorRemembersTheRow_NeitherIsLost()
    {
        await LedgerWorld.SettleAsync(_process, await _world.AdmitAsync(_process));
        _world.Time.Jump(TimeSpan.FromHours(12));
        await TidyAsync();

        await LedgerWorld.SettleAsync(_process, await _world.AdmitAsync(_process));

        _world.Quota().ShouldSatisfyAllConditions(row => row.Window.Id.ShouldBe("2026-05-30"), row => row.Used.ShouldBe(1));
    }

    [Fact]
    public async Task Tidy_AnActorIsFirst_CountsNothing()
    {
        await LedgerWorld.SettleAsync(_process, await _world.AdmitAsync(_process));
        _world.Time.Jump(TimeSpan.FromHours(12));
        var way = _world.Process().Store;
        way.Committing = _ => _world.AdmitAsync(_process);

        (await new QuotaCleanup(way).TidyAsync(LedgerWorld.Org, _world.Time.Now, CancellationToken.None)).ShouldBe(0);

        _world.Quota().Reserved.ShouldBe(1);
    }

    [Fact]
    public async Task Tidy_NoCertainAnswer_Throws()
    {
        await LedgerWorld.SettleAsync(_process, await _world.AdmitAsync(_process));
        _world.Time.Jump(TimeSpan.FromHours(12));
        var way = _world.Process().Store;
        way.Rates = new FaultRates(LoseAnswer: 1);

        await Should.ThrowAsync<IOException>(new QuotaCleanup(way).TidyAsync(LedgerWorld.Org, _world.Time.Now, CancellationToken.None));
    }

    public void Dispose() => _world.Dispose();

    private Task<int> TidyAsync() => new QuotaCleanup(_world.Store).TidyAsync(LedgerWorld.Org, _world.Time.Now, CancellationToken.None);
}
