using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;
using Freeway.Tests.Shared;
using Freeway.Tests.Shared.Ledger;

namespace Freeway.Gateway.Tests.Ledger;

/// <summary>The counters of end users: how they begin, what bounds them, how they are forgotten and deleted.</summary>
public sealed class EndUserRowTests : IDisposable
{
    private static readonly QuotaKey NewRows = new(EndUserRows.Source, "*");
    private readonly LedgerWorld _world = new();

    [Fact]
    public async Task Reservation_OfANewEndUser_TakesOneOfTheNewRowsAndKeepsIt()
    {
        var process = _world.Process();

        var first = await _world.AdmitAsync(process, Of("alice"));
        first.Holds.Select(hold => hold.Amount).ShouldBe([1, 1]);
        await LedgerWorld.SettleAsync(process, first, Of("alice", requests: 0));

        Begun.ShouldSatisfyAllConditions(row => row.Used.ShouldBe(1), row => row.Reserved.ShouldBe(0), row => row.Limit.ShouldBe(3));
        _world.Quota(Limit("alice")).Used.ShouldBe(0, "the request was given back, and its counter is there");
    }

    [Fact]
    public async Task Reservation_OfAKnownEndUser_LeavesTheSharedRowAsItIs()
    {
        var process = _world.Process();
        await LedgerWorld.SettleAsync(process, await _world.AdmitAsync(process, Of("alice")), Of("alice"));
        var before = Begun;

        var second = await _world.AdmitAsync(process, Of("alice"));
        await LedgerWorld.SettleAsync(process, second, Of("alice"));

        second.Holds.Select(hold => hold.Amount).ShouldBe([1, 0]);
        Begun.ShouldBe(before, "no ETag moves: instances need not meet there");
        _world.Quota(Limit("alice")).Used.ShouldBe(2);
    }

    [Fact]
    public async Task EndUsers_BeyondTheBound_AreRefusedWithoutATransaction()
    {
        var process = _world.Process();
        foreach (var user in new[] { "alice", "bob", "carol" })
        {
            await LedgerWorld.SettleAsync(process, await _world.AdmitAsync(process, Of(user)), Of(user));
        }

        await process.Ledger.DrainAsync(CancellationToken.None);
        process = _world.Process();
        var transactions = _world.Store.Transactions;

        var refused = await _world.RefuseAsync(process, Of("dave"));
        var reads = _world.Store.Reads;
        var again = await _world.RefuseAsync(process, Of("dave"));

        (refused.Code, again.Code).ShouldBe((RefusalCode.TooManyEndUsers, RefusalCode.TooManyEndUsers));
        refused.RetryAfter!.Value.ShouldBe(TimeSpan.FromHours(12), TimeSpan.FromMinutes(1));
        _world.Store.Transactions.ShouldBe(transactions);
        _world.Store.Reads.ShouldBe(reads, "what is known refuses from memory");
        (await _world.AdmitAsync(process, Of("alice"))).ShouldNotBeNull();
    }

    [Fact]
    public async Task EndUsers_OfTheDayBefore_AreKnownAndTakeNoneOfTheNewRows()
    {
        var process = _world.Process();
        await LedgerWorld.SettleAsync(process, await _world.AdmitAsync(process, Of("alice")), Of("alice"));
        _world.Time.Jump(TimeSpan.FromHours(12));

        (await _world.AdmitAsync(_world.Process(), Of("alice"))).Holds.Select(hold => hold.Amount).ShouldBe([1, 0]);
    }

    [Fact]
    public async Task Rows_MoreThanMayBeRemembered_AreForgottenAndReadAgain()
    {
        var process = _world.Process(new LedgerOptions { ReserveDeadline = TimeSpan.FromSeconds(60), RowsInMemory = 20 });
        var spent = new Claim(Limit("spent", amount: 1), 1);
        await LedgerWorld.SettleAsync(process, await _world.AdmitAsync(process, [spent]), [spent]);
        await _world.RefuseAsync(process, [spent]);
        var reads = _world.Store.Reads;
        await _world.RefuseAsync(process, [spent]);
        _world.Store.Reads.ShouldBe(reads, "it is remembered");

        for (var user = 0; user < 100; user++)
        {
            Claim[] claims = [new Claim(Limit($"user-{user}"), 1)];
            _world.Time.Jump(TimeSpan.FromMilliseconds(1));
            await LedgerWorld.SettleAsync(process, await _world.AdmitAsync(process, claims), claims);
        }

        reads = _world.Store.Reads;
        await _world.RefuseAsync(process, [spent]);
        _world.Store.Reads.ShouldBeGreaterThan(reads, "it was forgotten, and refuses all the same");
    }

    [Fact]
    public async Task Rows_ThatAreIdleForDays_AreDeletedPageByPage()
    {
        var process = _world.Process();
        foreach (var users in Enumerable.Range(0, 1100).Chunk(50))
        {
            Claim[] claims = [.. users.Select(user => new Claim(Limit($"user-{user}"), 1))];
            await LedgerWorld.SettleAsync(process, await _world.AdmitAsync(process, claims), claims);
        }

        _world.Time.Jump(TimeSpan.FromDays(2));
        await TidyAsync();
        OfEndUsers.Count.ShouldBe(1100, "their window ended less than two days ago");
        Claim[] active = [new Claim(Limit("user-7"), 1)];
        await LedgerWorld.SettleAsync(process, await _world.AdmitAsync(process, active), active);

        _world.Time.Jump(TimeSpan.FromHours(13));
        await TidyAsync();

        OfEndUsers.ShouldHaveSingleItem().Key.Subject.ShouldBe(Limit("user-7").Subject);
    }

    [Fact]
    public async Task Row_OfRequestsAtOnce_IsDeletedOnceItsLastLeaseIsLongOver()
    {
        var process = _world.Process();
        var atOnce = Limit("alice", LimitUnit.ConcurrentRequests, LimitWindow.None);
        await LedgerWorld.SettleAsync(process, await _world.AdmitAsync(process, [new Claim(atOnce, 1)]), [new Claim(atOnce, 1)]);

        _world.Time.Jump(TimeSpan.FromDays(2));
        await TidyAsync();
        OfEndUsers.ShouldHaveSingleItem();
        _world.Time.Jump(TimeSpan.FromMinutes(11));
        await TidyAsync();

        OfEndUsers.ShouldBeEmpty();
    }

    [Fact]
    public async Task Row_DeletedWhileAProcessRemembersIt_BeginsAgain()
    {
        var process = _world.Process();
        await LedgerWorld.SettleAsync(process, await _world.AdmitAsync(process, Of("alice")), Of("alice"));
        _world.Time.Jump(TimeSpan.FromDays(3));
        await TidyAsync();
        OfEndUsers.ShouldBeEmpty();
        await process.Lease.BeatAsync(CancellationToken.None);

        var again = await _world.AdmitAsync(process, Of("alice"));

        again.Holds.Select(hold => hold.Amount).ShouldBe([1, 1]);
        _world.Quota(Limit("alice")).Reserved.ShouldBe(1);
    }

    [Fact]
    public async Task Threshold_OfAnEndUser_IsToldToNobody()
    {
        var process = _world.Process();
        var one = new Claim(Limit("alice", amount: 1), 1);
        var reservation = await _world.AdmitAsync(process, [one]);
        SettlementAmounts? settled = null;

        await process.Ledger.SettleAsync(
            reservation, [one],
            booked =>
            {
                settled = booked;
                return LedgerAudit.Record(reservation.RequestId, booked.Amounts);
            },
            null, CancellationToken.None);

        settled!.Reached.ShouldBeEmpty("there may be a million of them");
        _world.Quota(Limit("alice", amount: 1)).Noticed.ShouldBe(0);
    }

    public void Dispose() => _world.Dispose();

    private QuotaRow Begun => _world.Store.Quota(LedgerWorld.Org, NewRows)!;

    private List<QuotaRow> OfEndUsers => [.. _world.Store.Quotas(LedgerWorld.Org).Where(row => row.Key.IsOfEndUser)];

    private Task<int> TidyAsync() => new QuotaCleanup(_world.Store).TidyAsync(LedgerWorld.Org, _world.Time.Now, CancellationToken.None);

    private static Claim[] Of(string user, long requests = 1) =>
        [new Claim(Limit(user), requests), new Claim(EndUserRows.Bound(3), 0)];

    private static BoundLimit Limit(
        string user, LimitUnit unit = LimitUnit.Requests, LimitWindow window = LimitWindow.Day, long amount = 10) => new(
            "app.each", EndUserId.Of(LedgerWorld.Org, user, "a salt of these tests"u8).Hash, new Limit("each", unit, amount, window, LimitScope.EndUser));
}
