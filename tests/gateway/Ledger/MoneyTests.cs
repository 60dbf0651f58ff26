using Freeway.Gateway.Core;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;
using Freeway.Tests.Shared;
using Freeway.Tests.Shared.Ledger;

namespace Freeway.Gateway.Tests.Ledger;

/// <summary>Gifts that overflow to an account, from reservation to settlement.</summary>
public sealed class MoneyTests : IDisposable
{
    private readonly LedgerWorld _world = new();
    private readonly LedgerProcess _process;

    public MoneyTests() => _process = _world.Process();

    [Fact]
    public async Task Reserve_AnAccountThatCanPayTheWhole_HoldsNothingOfTheGift()
    {
        await _world.TopUpAsync(_process, Samples.Usd);

        var reservation = await _world.AdmitAsync(_process, [Samples.Gift(1000, 1500), Samples.Pay(1500)]);

        reservation.Covered.ShouldBe(1000);
        reservation.Holds.Select(hold => hold.Amount).ShouldBe([0, 1500 * Samples.PerToken]);
        _world.Quota(Samples.Tokens(1000, "gift")).Reserved.ShouldBe(0);
    }

    [Fact]
    public async Task Settle_FiveThatCouldEachUseTheWholeGift_AreAllGiven()
    {
        await _world.TopUpAsync(_process, Samples.Usd);
        LedgerProcess[] processes = [_process, _world.Process()];
        Claim[] most = [Samples.Gift(100_000, 131_072), Samples.Pay(131_072)];
        var open = await Task.WhenAll(Enumerable.Range(0, 5).Select(index => _world.AdmitAsync(processes[index % 2], most)));

        await Task.WhenAll(open.Select((reservation, index) =>
            LedgerWorld.SettleAsync(processes[index % 2], reservation, [Samples.Gift(100_000, 100), Samples.Pay(100)])));

        _world.Quota(Samples.Tokens(100_000, "gift")).Used.ShouldBe(500);
        _world.Account.ShouldSatisfyAllConditions(row => row.Used.ShouldBe(0), row => row.Reserved.ShouldBe(0));
    }

    [Fact]
    public async Task Settle_TwoAtOnceForTheLastOfAGift_ShareItToTheToken()
    {
        await _world.TopUpAsync(_process, Samples.Usd);
        LedgerProcess[] processes = [_process, _world.Process()];
        Claim[] claims = [Samples.Gift(1000, 700), Samples.Pay(700)];
        var open = await Task.WhenAll(processes.Select(process => _world.AdmitAsync(process, claims)));

        await Task.WhenAll(open.Zip(processes, (reservation, process) => LedgerWorld.SettleAsync(process, reservation, claims)));

        _world.Quota(Samples.Tokens(1000, "gift")).Used.ShouldBe(1000);
        _world.Account.Used.ShouldBe(400 * Samples.PerToken);
    }

    [Fact]
    public async Task Settle_ToppedUpSinceTheGiftWasHeld_DrawsTheGiftFirst()
    {
        var reservation = await _world.AdmitAsync(_process, [Samples.Gift(1000, 800), Samples.Pay(800)]);
        await _world.TopUpAsync(_process, Samples.Usd);

        await LedgerWorld.SettleAsync(_process, reservation, [Samples.Gift(1000, 1200), Samples.Pay(1200)]);

        _world.Quota(Samples.Tokens(1000, "gift")).ShouldSatisfyAllConditions(row => row.Used.ShouldBe(1000), row => row.Reserved.ShouldBe(0));
        _world.Account.Used.ShouldBe(200 * Samples.PerToken);
    }

    [Theory]
    [InlineData(1_000_000)]
    [InlineData(0)]
    public async Task Settle_TheGiftsDayIsOverAndTheNextHasBegun_DrawsWhatWasLeftOfItsOwnDay(long bought)
    {
        await _world.TopUpAsync(_process, 600 * Samples.PerToken + bought);
        Claim[] claims = [Samples.Gift(1000, 600), Samples.Pay(600)];
        var first = await _world.AdmitAsync(_process, claims);
        var second = await _world.AdmitAsync(_process, claims);
        _world.Time.Jump(TimeSpan.FromDays(1));
        var next = await _world.AdmitAsync(_world.Process(), [Samples.Gift(1000, 10), Samples.Pay(10)]);

        await LedgerWorld.SettleAsync(_process, first, claims);
        await LedgerWorld.SettleAsync(_process, second, claims);
        await LedgerWorld.SettleAsync(_process, next, [Samples.Gift(1000, 10), Samples.Pay(10)]);

        // 1,200 tokens of a day of which 1,000 were given.
        _world.Account.Used.ShouldBe(200 * Samples.PerToken);
        _world.Quota(Samples.Tokens(1000, "gift")).Used.ShouldBe(10);
    }

    [Fact]
    public async Task Reserve_AGiftAndAnAccountThatCannotPayTheWhole_HoldWhatEachWillGive()
    {
        await _world.TopUpAsync(_process, 1000 * Samples.PerToken);

        var reservation = await _world.AdmitAsync(_process, [Samples.Gift(1000, 1500), Samples.Pay(1500)]);

        reservation.Covered.ShouldBe(1000);
        reservation.Holds.Select(hold => hold.Amount).ShouldBe([1000, 500 * Samples.PerToken]);
        _world.Account.ShouldSatisfyAllConditions(
            row => row.Limit.ShouldBe(1000 * Samples.PerToken), row => row.Reserved.ShouldBe(500 * Samples.PerToken), row => row.Used.ShouldBe(0));
    }

    [Fact]
    public async Task Settle_AGiftThatReachesHalfWay_SplitsTheRequestExactly()
    {
        await _world.TopUpAsync(_process, Samples.Usd);
        var reservation = await _world.AdmitAsync(_process, [Samples.Gift(1000, 1500), Samples.Pay(1500)]);
        SettlementAmounts? booked = null;

        await _process.Ledger.SettleAsync(
            reservation,
            [Samples.Gift(1000, 1200), Samples.Pay(1200)],
            split => LedgerAudit.Record(reservation.RequestId, (booked = split).Amounts),
            null,
            CancellationToken.None);

        (booked!.Covered, booked.Charged).ShouldBe((1000, 200 * Samples.PerToken));
        _world.Quota(Samples.Tokens(1000, "gift")).ShouldSatisfyAllConditions(row => row.Used.ShouldBe(1000), row => row.Reserved.ShouldBe(0));
        (await _process.Ledger.ReadAccountAsync(LedgerWorld.Org, CancellationToken.None)).ShouldBe(new AccountState(Samples.Usd, 200 * Samples.PerToken, 0));
    }

    [Fact]
    public async Task Settle_LessThanTheGift_CostsNothing()
    {
        await _world.TopUpAsync(_process, Samples.Usd);
        var reservation = await _world.AdmitAsync(_process, [Samples.Gift(1000, 1500), Samples.Pay(1500)]);

        await LedgerWorld.SettleAsync(_process, reservation, [Samples.Gift(1000, 900), Samples.Pay(900)]);

        _world.Account.ShouldSatisfyAllConditions(row => row.Used.ShouldBe(0), row => row.Reserved.ShouldBe(0));
    }

    [Fact]
    public async Task Settle_NothingWasUsed_GivesEverythingBack()
    {
        await _world.TopUpAsync(_process, Samples.Usd);
        var reservation = await _world.AdmitAsync(_process, [Samples.Gift(1000, 1500), Samples.Pay(1500)]);

        await LedgerWorld.SettleAsync(_process, reservation, [Samples.Gift(1000, 0), Claim.Overage(Account.Prepaid, _ => 0)]);

        (_world.Account.Used, _world.Quota(Samples.Tokens(1000, "gift")).Used).ShouldBe((0, 0));
    }

    [Fact]
    public async Task Reserve_FortyAtOnceForABalanceOfTen_AdmitsTen()
    {
        LedgerProcess[] processes = [_process, _world.Process()];
        await _world.TopUpAsync(_process, 10 * 100 * Samples.PerToken);

        var decisions = await Task.WhenAll(Enumerable.Range(0, 40).Select(index => _world.AskAsync(processes[index % 2], [Samples.Pay(100)])));

        decisions.Count(decision => decision.Accepted(out _, out _)).ShouldBe(10);
        _world.Account.Reserved.ShouldBe(_world.Account.Limit);
    }

    [Fact]
    public async Task Reserve_TheAccountIsEmptyAndTheGiftReachesFarEnough_IsAdmitted()
    {
        var reservation = await _world.AdmitAsync(_process, [Samples.Gift(1000, 600), Samples.Pay(600)]);

        reservation.Holds.Select(hold => hold.Amount).ShouldBe([600, 0]);
    }

    [Fact]
    public async Task Reserve_TheAccountIsEmptyAndTheGiftFallsShort_IsRefusedAndTakesNothing()
    {
        var refusal = await _world.RefuseAsync(_process, [Samples.Gift(1000, 1001), Samples.Pay(1001)]);

        refusal.Code.ShouldBe(RefusalCode.InsufficientCredits);
        refusal.Message.ShouldContain("the gift has 1000 tokens left");
        _world.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Reserve_TheAccountIsEmptyAndTheRequestMakesDoWithLess_IsGivenAllThatIsLeft()
    {
        await LedgerWorld.SettleAsync(_process, await _world.AdmitAsync(_process, At(100)), At(100));

        var first = await ReserveSizedAsync();
        var second = await ReserveSizedAsync();

        first.Accepted(out var reservation, out _).ShouldBeTrue();
        reservation!.Size.ShouldBe(900);
        reservation.Holds.Select(hold => hold.Amount).ShouldBe([900, 0]);
        second.Accepted(out _, out var refusal).ShouldBeFalse();
        refusal!.Message.ShouldNotContain("max_tokens");
    }

    [Fact]
    public async Task Reserve_OfASizeWhoseAnswerWasLost_HoldsWhatWasSent()
    {
        await _world.AdmitAsync(_world.Process(), At(300));
        _process.Store.Committing = _ =>
        {
            (_process.Store.Committing, _process.Store.Rates) = (null, new FaultRates(LoseAnswer: 1));
            _process.Store.Reading = () =>
            {
                (_process.Store.Reading, _process.Store.Rates) = (null, FaultRates.None);
                return Task.CompletedTask;
            };
            return Task.CompletedTask;
        };

        (await ReserveSizedAsync()).Accepted(out var reservation, out var refusal).ShouldBeTrue(refusal?.ToString());

        reservation!.Size.ShouldBe(700);
        reservation.Holds.Select(hold => hold.Amount).ShouldBe([700, 0]);
        _world.Quota(Samples.Tokens(1000, "gift")).Reserved.ShouldBe(1000);
    }

    [Fact]
    public async Task Reserve_KnownThatNeitherGiftNorAccountCanPay_IsRefusedWithoutTouchingTheStore()
    {
        await LedgerWorld.SettleAsync(_process, await _world.AdmitAsync(_process, [Samples.Gift(1000, 1000), Samples.Pay(1000)]), [Samples.Gift(1000, 1000), Samples.Pay(1000)]);
        var calls = _process.Store.Calls;

        for (var again = 0; again < 20; again++)
        {
            (await _world.RefuseAsync(_process, [Samples.Gift(1000, 5), Samples.Pay(5)])).Code.ShouldBe(RefusalCode.InsufficientCredits);
        }

        _process.Store.Calls.ShouldBe(calls);
    }

    [Fact]
    public async Task Reserve_RefusedForWantOfCreditAndToppedUpHere_IsAdmittedAtOnce()
    {
        await _world.RefuseAsync(_process, [Samples.Pay(5)]);
        await _world.TopUpAsync(_process, Samples.Usd);

        await _world.AdmitAsync(_process, [Samples.Pay(5)]);
    }

    [Fact]
    public async Task Reserve_RefusedForWantOfCreditAndToppedUpElsewhere_IsAdmittedWithinTheAgeOfARefusal()
    {
        var elsewhere = _world.Process();
        await _world.RefuseAsync(_process, [Samples.Pay(5)]);
        await _world.TopUpAsync(elsewhere, Samples.Usd);

        _world.Time.Jump(_process.Options.SettledRefusalAge + TimeSpan.FromSeconds(1));

        await _world.AdmitAsync(_process, [Samples.Pay(5)]);
    }

    [Fact]
    public async Task Reserve_TheGiftIsHeldByOthersForNow_IsNotRefusedForLongerThanASecond()
    {
        var elsewhere = _world.Process();
        var held = await _world.AdmitAsync(elsewhere, [Samples.Gift(1000, 1000), Samples.Pay(1000)]);
        await _world.RefuseAsync(_process, [Samples.Gift(1000, 600), Samples.Pay(600)]);
        await LedgerWorld.SettleAsync(elsewhere, held, [Samples.Gift(1000, 0), Samples.Pay(0)]);

        _world.Time.Jump(TimeSpan.FromSeconds(1.01));

        await _world.AdmitAsync(_process, [Samples.Gift(1000, 600), Samples.Pay(600)]);
    }

    [Fact]
    public async Task Reserve_ACeilingIsSpent_IsRefusedThoughTheAccountCouldPay()
    {
        var ceiling = Account.OrgCeiling(100 * Samples.PerToken);
        await _world.TopUpAsync(_process, Samples.Usd);
        await _world.AdmitAsync(_process, [Samples.Pay(60), Samples.Pay(60, ceiling)]);

        var refusal = await _world.RefuseAsync(_process, [Samples.Pay(60), Samples.Pay(60, ceiling)]);

        refusal.Limit!.Source.ShouldBe(Account.OrgCeilingSource);
        _world.Account.Reserved.ShouldBe(60 * Samples.PerToken);
    }

    [Fact]
    public async Task Settle_AnAccountWithoutABound_BooksWhatWasSpentAndKeepsWhatWasBought()
    {
        await _world.TopUpAsync(_process, Samples.Usd);
        var reservation = await _world.AdmitAsync(_process, [Samples.Pay(100, Account.Postpaid)]);

        await LedgerWorld.SettleAsync(_process, reservation, [Samples.Pay(200, Account.Postpaid)]);

        _world.Account.ShouldSatisfyAllConditions(row => row.Limit.ShouldBe(Samples.Usd), row => row.Used.ShouldBe(200 * Samples.PerToken));
    }

    [Fact]
    public async Task Settle_TakesOfOtherLimits_IsABug()
    {
        var reservation = await _world.AdmitAsync(_process, [new Claim(Samples.Tokens(10), 1)]);

        await Should.ThrowAsync<ArgumentException>(() => LedgerWorld.SettleAsync(_process, reservation, [Samples.Gift(10, 1)]));
    }

    [Fact]
    public async Task Recovery_ARequestThatHeldTheAccountAlone_BooksNothing()
    {
        await _world.TopUpAsync(_process, Samples.Usd);
        await _world.AdmitAsync(_process, [Samples.Gift(1000, 1500), Samples.Pay(1500)]);
        _process.Kill();
        _world.Time.Jump(TimeSpan.FromSeconds(100));

        await _world.Process().Recovery.RunAsync(CancellationToken.None);

        _world.Quota(Samples.Tokens(1000, "gift")).ShouldSatisfyAllConditions(row => row.Used.ShouldBe(0), row => row.Reserved.ShouldBe(0));
        _world.Account.ShouldSatisfyAllConditions(row => row.Used.ShouldBe(0), row => row.Reserved.ShouldBe(0));
    }

    [Fact]
    public async Task Recovery_ARequestThatHeldGiftAndMoney_BooksTheGiftAndChargesNobody()
    {
        await _world.TopUpAsync(_process, 1000 * Samples.PerToken);
        var open = await _world.AdmitAsync(_process, [Samples.Gift(1000, 1500), Samples.Pay(1500), Samples.Pay(1500, Account.OrgCeiling(Samples.Usd))]);
        _process.Kill();
        _world.Time.Jump(TimeSpan.FromSeconds(100));

        await _world.Process().Recovery.RunAsync(CancellationToken.None);

        _world.Quota(Samples.Tokens(1000, "gift")).Used.ShouldBe(1000);
        _world.Account.ShouldSatisfyAllConditions(row => row.Used.ShouldBe(0), row => row.Reserved.ShouldBe(0));
        _world.Quota(Account.OrgCeiling(Samples.Usd)).ShouldSatisfyAllConditions(row => row.Used.ShouldBe(0), row => row.Reserved.ShouldBe(0));
        _world.Queue.Accepted[open.RequestId].ShouldHaveSingleItem().CostNanos.ShouldBe(0);
    }

    [Fact]
    public async Task Check_WhatWouldBeTaken_TakesNothing()
    {
        await _world.TopUpAsync(_process, Samples.Usd);

        (await _process.Ledger.CheckAsync(LedgerWorld.Org, [Samples.Gift(1000, 1500), Samples.Pay(1500)], CancellationToken.None)).Accepted(out var taking, out _).ShouldBeTrue();
        (await _process.Ledger.CheckAsync(LedgerWorld.Org, [new Claim(LedgerWorld.Ten, 11)], CancellationToken.None)).Accepted(out _, out var refusal).ShouldBeFalse();

        taking!.Amounts.ShouldBe([0, 1500 * Samples.PerToken]);
        refusal!.Code.ShouldBe(RefusalCode.RequestExceedsLimit);
        _world.Account.Reserved.ShouldBe(0);
    }

    public void Dispose() => _world.Dispose();

    private static Claim[] At(long tokens) => [Samples.Gift(1000, tokens), Samples.Pay(tokens)];

    /// <summary>A request that could use five times the gift and makes do with any part of it.</summary>
    private async Task<Result<Reservation>> ReserveSizedAsync()
    {
        var id = _world.NextId();
        return await _process.Ledger.ReserveAsync(
            LedgerWorld.Org, id, At(5000), LedgerAudit.Record(id, [0L]), CancellationToken.None, smaller: new SizedClaims(1, 5000, At));
    }
}
