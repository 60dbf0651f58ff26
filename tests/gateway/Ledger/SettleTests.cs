using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;
using Freeway.Tests.Shared.Ledger;

namespace Freeway.Gateway.Tests.Ledger;

public sealed class SettleTests : IDisposable
{
    private readonly LedgerWorld _world = new();

    [Fact]
    public async Task Settle_RecoveryTookTheRowMeanwhile_AnswersNull()
    {
        var (owner, undertaker) = (_world.Process(), _world.Process());
        var reservation = await _world.AdmitAsync(owner);
        _world.Time.Jump(TimeSpan.FromSeconds(100));
        (await undertaker.Recovery.RunAsync(CancellationToken.None)).ShouldBe(1);

        (await LedgerWorld.SettleAsync(owner, reservation, 0)).ShouldBeNull();

        _world.Quota().ShouldSatisfyAllConditions(row => row.Used.ShouldBe(1), row => row.Reserved.ShouldBe(0));
        _world.Queue.Accepted[reservation.RequestId].ShouldHaveSingleItem().ErrorCode.ShouldBe("aborted");
    }

    [Fact]
    public async Task Settle_RecoverySettledButCouldNotSend_AnswersNullAndLeavesItsRecord()
    {
        var (owner, undertaker) = (_world.Process(), _world.Process());
        var reservation = await _world.AdmitAsync(owner);
        _world.Time.Jump(TimeSpan.FromSeconds(100));
        _world.Queue.Down = true;
        await undertaker.Recovery.RunAsync(CancellationToken.None);

        (await LedgerWorld.SettleAsync(owner, reservation, 0)).ShouldBeNull();

        _world.Requests.ShouldHaveSingleItem().Open.ShouldBeFalse();
        _world.Quota().Used.ShouldBe(1);
    }

    [Fact]
    public async Task Settle_Twice_TheSecondAnswersNull()
    {
        var process = _world.Process();
        var reservation = await _world.AdmitAsync(process);
        (await LedgerWorld.SettleAsync(process, reservation)).ShouldNotBeNull();

        (await LedgerWorld.SettleAsync(process, reservation)).ShouldBeNull();

        _world.Quota().Used.ShouldBe(1);
    }

    [Fact]
    public async Task Settle_AnswerLost_IsFoundByItsMarkAndBookedOnce()
    {
        var process = _world.Process();
        var reservation = await _world.AdmitAsync(process);
        process.Store.Rates = new(LoseAnswer: 1);
        process.Store.Committing = _ =>
        {
            process.Store.Committing = null;
            return Task.CompletedTask;
        };

        var finished = await LedgerWorld.SettleAsync(process, reservation);

        finished.ShouldNotBeNull().ETag.ShouldBe(_world.Requests.ShouldHaveSingleItem().ETag);
        _world.Store.Transactions.ShouldBe(2);
    }

    [Fact]
    public async Task Settle_NextDay_LeavesTheNewDayAlone()
    {
        var process = _world.Process();
        var yesterday = await _world.AdmitAsync(process);
        _world.Time.Jump(TimeSpan.FromHours(12));
        var today = await _world.AdmitAsync(process);

        (await LedgerWorld.SettleAsync(process, yesterday)).ShouldNotBeNull();

        _world.Quota().ShouldSatisfyAllConditions(
            row => row.Window.Id.ShouldBe("2026-05-30"), row => row.Used.ShouldBe(0), row => row.Reserved.ShouldBe(1));
        (await LedgerWorld.SettleAsync(process, today)).ShouldNotBeNull();
        _world.Quota().Used.ShouldBe(1);
    }

    /// <summary>Midnight is that of the limit's time zone. A day of Berlin has a name as long as that of a lease.</summary>
    [Theory]
    [InlineData("America/Los_Angeles", 19)]
    [InlineData("Europe/Berlin", 10)]
    public async Task Settle_AfterMidnightOfTheLimitsZone_LeavesTheNewDayAlone(string zone, int hoursToMidnight)
    {
        var process = _world.Process();
        var limit = LedgerWorld.Ten with { Limit = LedgerWorld.Ten.Limit with { Zone = TimeZoneInfo.FindSystemTimeZoneById(zone) } };
        var yesterday = await _world.AdmitAsync(process, limit);
        _world.Time.Jump(TimeSpan.FromHours(hoursToMidnight) - TimeSpan.FromMinutes(1));
        var stillYesterday = await _world.AdmitAsync(process, limit);
        _world.Quota(limit).ShouldSatisfyAllConditions(
            row => row.Window.Id.ShouldBe($"2026-05-29@{zone}"), row => row.Reserved.ShouldBe(2), row => row.Leases.Count.ShouldBe(0));

        _world.Time.Jump(TimeSpan.FromMinutes(2));
        var today = await _world.AdmitAsync(process, limit);
        await LedgerWorld.SettleAsync(process, yesterday);
        await LedgerWorld.SettleAsync(process, stillYesterday);

        _world.Quota(limit).ShouldSatisfyAllConditions(
            row => row.Window.Id.ShouldBe($"2026-05-30@{zone}"), row => row.Used.ShouldBe(0), row => row.Reserved.ShouldBe(1));
        await LedgerWorld.SettleAsync(process, today);
        _world.Quota(limit).Used.ShouldBe(1);
    }

    [Fact]
    public async Task Settle_OwnCopyOfTheRowIsOfAnEarlierDay_ReadsItAgain()
    {
        var (early, late) = (_world.Process(), _world.Process());
        await LedgerWorld.SettleAsync(early, await _world.AdmitAsync(early));
        _world.Time.Jump(TimeSpan.FromHours(12));
        var today = await _world.AdmitAsync(late);
        var open = _world.Requests.Single(row => row.Open);

        (await early.Ledger.SettleAsync(LedgerWorld.Org, open, [1], LedgerAudit.Record(today.RequestId, [1]), CancellationToken.None)).ShouldNotBeNull();

        _world.Quota().ShouldSatisfyAllConditions(row => row.Used.ShouldBe(1), row => row.Reserved.ShouldBe(0));
    }

    [Fact]
    public async Task Settle_StoreOutForAWhile_SurvivesAndLands()
    {
        var process = _world.Process();
        var reservation = await _world.AdmitAsync(process);
        process.Store.Down = true;
        var attempts = process.Store.Calls;

        var settling = LedgerWorld.SettleAsync(process, reservation);
        await Eventually.TrueAsync(() => process.Store.Calls > attempts + 5);
        settling.IsCompleted.ShouldBeFalse();
        process.Store.Down = false;

        (await settling).ShouldNotBeNull();
        _world.Quota().Used.ShouldBe(1);
    }

    [Fact]
    public async Task Settle_CallerStopsWaiting_LandsAllTheSame()
    {
        var process = _world.Process();
        var reservation = await _world.AdmitAsync(process);
        var sent = new TaskCompletionSource();
        process.Store.Committing = _ => sent.Task;
        using var leaving = new CancellationTokenSource();

        var settling = process.Ledger.SettleAsync(reservation, [1], LedgerAudit.Record(reservation.RequestId, [1]), leaving.Token);
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(settling);
        sent.SetResult();
        await process.Ledger.DrainAsync(CancellationToken.None);

        _world.Quota().Used.ShouldBe(1);
    }

    [Fact]
    public async Task Settle_LessThanHeld_GivesTheRestBack()
    {
        var process = _world.Process();
        var tokens = RaceScenario.DailyLimit(1000) with { Source = "gift.tokens" };
        var id = _world.NextId();
        (await process.Ledger.ReserveAsync(LedgerWorld.Org, id, [new Claim(tokens, 800)], LedgerAudit.Record(id, [0]), CancellationToken.None))
            .Accepted(out var reservation, out _).ShouldBeTrue();

        await LedgerWorld.SettleAsync(process, reservation!, 123);

        _world.Quota(tokens).ShouldSatisfyAllConditions(row => row.Used.ShouldBe(123), row => row.Reserved.ShouldBe(0));
    }

    public void Dispose() => _world.Dispose();
}
