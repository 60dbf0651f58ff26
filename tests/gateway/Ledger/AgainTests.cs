using Freeway.Gateway.Core;
using Freeway.Gateway.Ledger;
using Freeway.Tests.Shared;
using Freeway.Tests.Shared.Ledger;

namespace Freeway.Gateway.Tests.Ledger;

/// <summary>
/// A request whose first model failed is given back, and admitted again for another: whatever dies in between, it is
/// one request.
/// </summary>
public sealed class AgainTests : IDisposable
{
    private const string Id = "request-1";
    private static readonly IdempotencyKey Key = new("key-1", new string('a', 64));
    private static readonly Claim[] First = [new(LedgerWorld.Ten, 1)];
    private static readonly Claim[] Second = [new(RaceScenario.DailyLimit(5) with { Source = "other.daily" }, 1)];
    private static readonly RequestOutcome Failed = new(502, null, null);
    private readonly LedgerWorld _world = new();
    private readonly LedgerProcess _process;

    public AgainTests()
    {
        _process = _world.Process();
    }

    [Fact]
    public async Task Killed_BeforeItIsAdmittedAgain_IsOneRecordOfTheFailureAndTakesNothing()
    {
        await FailAsync();

        await DieAsync();

        _world.Requests.ShouldBeEmpty();
        (Held(First), Held(Second)).ShouldBe(((0, 0), (0, 0)));
        _world.Queue.Accepted.ShouldHaveSingleItem().Value.ShouldHaveSingleItem().Id.ShouldBe(Id);
        (await FindAsync())!.Outcome!.Status.ShouldBe(502);
    }

    [Fact]
    public async Task Killed_AfterItIsAdmittedAgain_IsOneRecordOfTheSecond()
    {
        await AgainAsync(await FailAsync());

        await DieAsync();

        _world.Requests.ShouldBeEmpty();
        (Held(First), Held(Second)).ShouldBe(((0, 0), (1, 0)));
        _world.Queue.Accepted.ShouldHaveSingleItem().Value.ShouldHaveSingleItem().ErrorCode.ShouldBe("aborted");
        (await FindAsync())!.Outcome!.Status.ShouldBe(500);
    }

    [Fact]
    public async Task Again_IsSettled_LeavesTheSecondAlone()
    {
        var again = await AgainAsync(await FailAsync());
        _world.Requests.ShouldHaveSingleItem().Open.ShouldBeTrue("a request never has two rows");
        (await FindAsync())!.ShouldSatisfyAllConditions(row => row.RequestId.ShouldBe(Id), row => row.Outcome.ShouldBeNull());

        var finished = await LedgerWorld.SettleAsync(_process, again, Second, new RequestOutcome(200, null, null));
        await _process.Outbox.DeliverAsync(LedgerWorld.Org, finished!, CancellationToken.None);

        _process.Ledger.IsSpare(LedgerWorld.Org, _world.Requests.ShouldHaveSingleItem().Key).ShouldBeTrue();
        (Held(First), Held(Second)).ShouldBe(((0, 0), (1, 0)));
        _world.Queue.Accepted.ShouldHaveSingleItem().Value.ShouldHaveSingleItem().Id.ShouldBe(Id);
        (await FindAsync())!.Outcome!.Status.ShouldBe(200);
    }

    [Theory]
    [InlineData(1, 0, 0)]
    [InlineData(0, 1, 0)]
    [InlineData(0, 0, 1)]
    public async Task Again_NoCertainAnswer_IsAdmittedOnce(double lost, double unsent, double late)
    {
        var failed = await FailAsync();
        _process.Store.LateLands = 0;
        _process.Store.Committing = _ =>
        {
            _process.Store.Committing = null;
            _process.Store.Rates = new FaultRates(lost, unsent, late);
            return Task.CompletedTask;
        };
        _process.Store.Reading = () =>
        {
            _process.Store.Rates = FaultRates.None;
            return Task.CompletedTask;
        };

        var again = await AgainAsync(failed);

        await _process.Store.LandAllAsync();
        _process.Store.Reading = null;
        _process.Store.Rates = FaultRates.None;
        Held(Second).ShouldBe((0, 1));
        (await LedgerWorld.SettleAsync(_process, again, Second, new RequestOutcome(200, null, null))).ShouldNotBeNull();
        Held(Second).ShouldBe((1, 0));
        (await FindAsync())!.Outcome!.Status.ShouldBe(200);
    }

    [Fact]
    public async Task Again_TheCallerHadLeft_BringsTheFirstRecordBack()
    {
        var failed = await FailAsync();
        using var leaving = new CancellationTokenSource();
        var (sent, lands) = (new TaskCompletionSource(), new TaskCompletionSource());
        _process.Store.Committing = _ =>
        {
            _process.Store.Committing = null;
            sent.SetResult();
            return lands.Task;
        };
        var again = ReserveAsync(Id, Second, failed, leaving.Token);
        await sent.Task;
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(again);

        lands.SetResult();
        await _process.Ledger.DrainAsync(CancellationToken.None);

        (Held(First), Held(Second)).ShouldBe(((0, 0), (0, 0)));
        var row = _world.Requests.ShouldHaveSingleItem();
        (row.Open, row.RequestId).ShouldBe((false, Id));
        row.Record.ToArray().ShouldBe(failed.Record.ToArray());
        (await FindAsync())!.Outcome!.Status.ShouldBe(502, "a repeat is told of the failure, as before");
    }

    [Fact]
    public async Task Again_MayStillLand_TheFirstRecordIsNotSent()
    {
        var failed = await FailAsync();
        var (sent, lands) = (new TaskCompletionSource(), new TaskCompletionSource());
        _process.Store.Committing = _ =>
        {
            _process.Store.Committing = null;
            sent.SetResult();
            return lands.Task;
        };
        var again = ReserveAsync(Id, Second, failed);
        await sent.Task;

        // Sent all the same, it would wait for the transaction that the test holds.
        await _process.Outbox.DeliverAsync(LedgerWorld.Org, failed, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
        await _process.Outbox.CatchUpAsync(CancellationToken.None);
        (_world.Queue.Accepted.Count, _process.Outbox.IsBehind).ShouldBe((0, true));

        lands.SetResult();
        (await again).Accepted(out _, out _).ShouldBeTrue();
        await _process.Ledger.DrainAsync(CancellationToken.None);
        await _process.Outbox.CatchUpAsync(CancellationToken.None);
        (_world.Queue.Accepted.Count, _process.Outbox.IsBehind).ShouldBe((0, false), "the second one's record is the request's");
    }

    [Fact]
    public async Task Again_ARepeatCameInMeanwhile_IsToldOfTheFailureOrThatItRuns()
    {
        var failed = await FailAsync();
        (await ReserveAsync("request-2", First)).Accepted(out _, out var told).ShouldBeFalse();
        told!.Code.ShouldBe(RefusalCode.AlreadyCompleted);

        await AgainAsync(failed);

        (await ReserveAsync("request-2", First)).Accepted(out _, out told).ShouldBeFalse();
        told!.Code.ShouldBe(RefusalCode.RequestInProgress);
    }

    [Fact]
    public async Task Withheld_TheOutboxCatchesUp_IsSentOnlyOnceReleased()
    {
        var failed = await FailAsync();
        _process.Outbox.Withhold(failed.Key);
        _process.Outbox.MarkBehind(failed.Key.Instance, LedgerWorld.Org);

        await _process.Outbox.CatchUpAsync(CancellationToken.None);
        _world.Queue.Accepted.ShouldBeEmpty();

        _process.Outbox.Release(failed.Key);
        await _process.Outbox.DeliverAsync(LedgerWorld.Org, failed, CancellationToken.None);
        _world.Queue.Accepted.ShouldHaveSingleItem().Key.ShouldBe(Id);
    }

    public void Dispose() => _world.Dispose();

    /// <summary>Admitted for the first model, and settled as failed.</summary>
    private async Task<RequestRow> FailAsync()
    {
        (await ReserveAsync(Id, First)).Accepted(out var reservation, out var refusal).ShouldBeTrue(refusal?.ToString());
        Claim[] nothing = [First[0] with { Amount = 0 }];
        return (await LedgerWorld.SettleAsync(_process, reservation!, nothing, Failed)).ShouldNotBeNull();
    }

    private async Task<Reservation> AgainAsync(RequestRow failed)
    {
        (await ReserveAsync(Id, Second, failed)).Accepted(out var reservation, out var refusal).ShouldBeTrue(refusal?.ToString());
        return reservation!;
    }

    private Task<Result<Reservation>> ReserveAsync(string id, Claim[] takes, RequestRow? before = null, CancellationToken cancellation = default) => _process.Ledger.ReserveAsync(
        LedgerWorld.Org, id, takes, LedgerAudit.Record(id, [0L]), cancellation, new IdempotencyRow(Key, "", "print", _world.Time.Now, null, null), before);

    private async Task DieAsync()
    {
        _process.Kill();
        _world.Time.Jump(TimeSpan.FromMinutes(10));
        var other = _world.Process();
        await other.Recovery.RunAsync(CancellationToken.None);
        await other.Recovery.RunAsync(CancellationToken.None);
    }

    private (long Used, long Reserved) Held(Claim[] takes) => (_world.Quota(takes[0].Bound).Used, _world.Quota(takes[0].Bound).Reserved);

    private Task<IdempotencyRow?> FindAsync() => _world.Store.FindIdempotencyRowAsync(LedgerWorld.Org, Key, CancellationToken.None);
}
