using Freeway.Gateway.Catalogue.Format;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;
using Freeway.Tests.Shared;
using Freeway.Tests.Shared.Ledger;

namespace Freeway.Gateway.Tests.Ledger;

public sealed class TopUpTests : IDisposable
{
    private static readonly PurchaseRules Rules = new(Least: Samples.Usd, PremiumFrom: 5 * Samples.Usd);
    private readonly LedgerWorld _world = new();
    private readonly LedgerProcess _process;
    private readonly InMemoryOrgStore _orgs = new(new Org(LedgerWorld.Org, "Acme"));

    public TopUpTests() => _process = _world.Process();

    [Fact]
    public async Task TopUp_OnceOrTwice_CountsOnce()
    {
        var first = await AcceptAsync(_process, "a", 2);
        var again = await AcceptAsync(_process, "a", 2);
        var elsewhere = await AcceptAsync(_world.Process(), "a", 2);

        new[] { first, again, elsewhere }.ShouldAllBe(state => state == new AccountState(2 * Samples.Usd, 0, 0));
        (await AcceptAsync(_process, "b", 3)).Bought.ShouldBe(5 * Samples.Usd);
    }

    [Fact]
    public async Task TopUp_TheSameIdWithAnotherAmount_IsRefusedAndAddsNothing()
    {
        await AcceptAsync(_process, "a", 2);

        (await TopUpAsync(_process, "a", 3)).Accepted(out _, out var refusal).ShouldBeFalse();

        (refusal!.Code, refusal.Param).ShouldBe((RefusalCode.InvalidRequest, "Idempotency-Key"));
        _world.Account.Limit.ShouldBe(2 * Samples.Usd);
    }

    [Fact]
    public async Task TopUp_KnownFromElsewhere_AnswersWithThatPurchaseInTheAccount()
    {
        var elsewhere = _world.Process();
        await AcceptAsync(_process, "a", 2);
        await AcceptAsync(elsewhere, "b", 3);

        (await AcceptAsync(_process, "b", 3)).Bought.ShouldBe(5 * Samples.Usd);
    }

    [Fact]
    public async Task TopUp_TwentyOfOneIdAtOnceFromThreeProcesses_CountsOnce()
    {
        LedgerProcess[] processes = [_process, _world.Process(), _world.Process()];

        var states = await Task.WhenAll(Enumerable.Range(0, 21).Select(index => AcceptAsync(processes[index % 3], "a", 2)));

        states.ShouldAllBe(state => state.Bought == 2 * Samples.Usd);
        _world.Account.Limit.ShouldBe(2 * Samples.Usd);
    }

    [Theory]
    [InlineData(1, 0, 0)]
    [InlineData(0, 1, 0)]
    [InlineData(0, 0, 1)]
    public async Task TopUp_NoCertainAnswer_CountsOnce(double lost, double unsent, double late)
    {
        _process.Store.LateLands = 0;
        var commits = 0;
        _process.Store.Committing = async _ =>
        {
            _process.Store.Rates = ++commits is 1 ? new FaultRates(lost, unsent, late) : FaultRates.None;
            if (commits is 2)
            {
                await _process.Store.LandAllAsync();
            }
        };

        _process.Store.Reading = () =>
        {
            _process.Store.Rates = FaultRates.None;
            return Task.CompletedTask;
        };

        (await AcceptAsync(_process, "a", 2)).Bought.ShouldBe(2 * Samples.Usd);

        await _process.Store.LandAllAsync();
        _world.Account.Limit.ShouldBe(2 * Samples.Usd);
    }

    [Fact]
    public async Task TopUp_WhileRequestsAreUnderWay_LosesNeither()
    {
        await AcceptAsync(_process, "first", 1);
        var other = _world.Process();

        var asked = Enumerable.Range(0, 40).Select(index => _world.AskAsync(index % 2 is 0 ? _process : other, [Samples.Pay(1)])).ToList();
        var bought = Enumerable.Range(0, 10).Select(index => AcceptAsync(index % 2 is 0 ? other : _process, $"p{index}", 1)).ToList();
        await Task.WhenAll(bought);
        await Task.WhenAll(asked);

        _world.Account.ShouldSatisfyAllConditions(row => row.Limit.ShouldBe(11 * Samples.Usd), row => row.Reserved.ShouldBe(40 * Samples.PerToken));
    }

    [Fact]
    public async Task TopUp_TheStoreIsOut_ThrowsAndTheSameAgainCountsOnce()
    {
        var process = _world.Process(new LedgerOptions { ReserveDeadline = TimeSpan.FromMilliseconds(30), OutageBackOff = TimeSpan.FromMilliseconds(4) });
        process.Store.Down = true;

        await Should.ThrowAsync<IOException>(TopUpAsync(process, "a", 2));
        process.Store.Down = false;
        await Eventually.TrueAsync(() => _world.Account.Limit > 0);

        (await AcceptAsync(_process, "a", 2)).Bought.ShouldBe(2 * Samples.Usd);
    }

    [Fact]
    public async Task TopUp_BelowTheLeast_IsRefusedAndSaysIt()
    {
        (await BuyAsync("a", Samples.Usd - 1)).Accepted(out _, out var refusal).ShouldBeFalse();

        (refusal!.Param, refusal.Message).ShouldBe(("usd", "The least top-up is 1 USD."));
        _world.Account.Limit.ShouldBe(0);
    }

    [Fact]
    public async Task TopUp_AnUnknownOrg_IsRefused()
    {
        (await NewTopUps().TopUpAsync("nobody", new Purchase("a", Samples.Usd, _world.Time.Now), Rules, CancellationToken.None))
            .Accepted(out _, out var refusal).ShouldBeFalse();

        refusal!.Code.ShouldBe(RefusalCode.NotFound);
    }

    [Fact]
    public async Task TopUp_FiveAtOnce_MakesPremiumAndFiveInPartsDoNot()
    {
        await BuyAsync("a", 4 * Samples.Usd);
        await BuyAsync("b", 4 * Samples.Usd);
        (_orgs[LedgerWorld.Org].Premium, _orgs[LedgerWorld.Org].PurchasedNanos).ShouldBe((false, 8 * Samples.Usd));

        await BuyAsync("c", 5 * Samples.Usd);

        (_orgs[LedgerWorld.Org].Premium, _orgs[LedgerWorld.Org].PurchasedNanos).ShouldBe((true, 13 * Samples.Usd));
    }

    [Fact]
    public async Task TopUp_DiedBeforeTheOrgHeardOfIt_TheSameCallAgainMakesItGood()
    {
        await AcceptAsync(_process, "a", 5);
        _orgs[LedgerWorld.Org].PurchasedNanos.ShouldBe(0);

        await BuyAsync("a", 5 * Samples.Usd);

        (_orgs[LedgerWorld.Org].Premium, _orgs[LedgerWorld.Org].PurchasedNanos, _world.Account.Limit).ShouldBe((true, 5 * Samples.Usd, 5 * Samples.Usd));
    }

    [Fact]
    public async Task CatchUp_DiedBeforeTheOrgHeardOfIt_BringsWhatWasBoughtAndChangesNothingTwice()
    {
        await AcceptAsync(_process, "a", 5);
        var topUps = NewTopUps();

        await topUps.CatchUpAsync(LedgerWorld.Org, CancellationToken.None);
        await topUps.CatchUpAsync(LedgerWorld.Org, CancellationToken.None);

        (_orgs[LedgerWorld.Org].PurchasedNanos, _orgs.Changes).ShouldBe((5 * Samples.Usd, 1));
    }

    [Fact]
    public async Task CatchUp_DiedBetweenTheTwoWrites_MakesPremium()
    {
        _orgs.FailChanges = true;
        await Should.ThrowAsync<IOException>(BuyAsync("a", 5 * Samples.Usd));
        _orgs.FailChanges = false;
        (_world.Account.Limit, _orgs[LedgerWorld.Org].Premium).ShouldBe((5 * Samples.Usd, false));

        await NewTopUps().CatchUpAsync(LedgerWorld.Org, CancellationToken.None);

        (_orgs[LedgerWorld.Org].Premium, _orgs[LedgerWorld.Org].PurchasedNanos).ShouldBe((true, 5 * Samples.Usd));
    }

    [Fact]
    public async Task CatchUp_DiedBetweenTheTwoWritesOfSmallTopUps_DoesNotMakePremium()
    {
        await AcceptAsync(_process, "a", 4);
        await AcceptAsync(_process, "b", 4);

        await NewTopUps().CatchUpAsync(LedgerWorld.Org, CancellationToken.None);

        (_orgs[LedgerWorld.Org].Premium, _orgs[LedgerWorld.Org].PurchasedNanos).ShouldBe((false, 8 * Samples.Usd));
    }

    [Fact]
    public async Task TopUp_AfterOneThatDiedBetweenTheTwoWrites_MakesPremiumByThatOne()
    {
        await AcceptAsync(_process, "a", 5);
        _world.Time.Jump(TimeSpan.FromMinutes(1));

        await BuyAsync("b", Samples.Usd);

        (_orgs[LedgerWorld.Org].Premium, _orgs[LedgerWorld.Org].PurchasedNanos).ShouldBe((true, 6 * Samples.Usd));
    }

    [Fact]
    public async Task CatchUp_PremiumTakenAwaySince_LaterSmallTopUpsDoNotBringItBack()
    {
        await BuyAsync("a", 5 * Samples.Usd);
        await _orgs.ChangeAsync(LedgerWorld.Org, org => org with { Premium = false }, CancellationToken.None);
        _world.Time.Jump(TimeSpan.FromMinutes(1));
        await AcceptAsync(_process, "b", 1);

        await NewTopUps().CatchUpAsync(LedgerWorld.Org, CancellationToken.None);

        (_orgs[LedgerWorld.Org].Premium, _orgs[LedgerWorld.Org].PurchasedNanos).ShouldBe((false, 6 * Samples.Usd));
    }

    public void Dispose() => _world.Dispose();

    private TopUps NewTopUps() =>
        new(_process.Ledger, _orgs, FixedCatalogue.Of(new CatalogueSnapshot([], [], [], PlanBook.PayAsYouGo with { Name = "premium", Purchases = Rules })));

    private Task<Result<AccountState>> BuyAsync(string id, long nanos) =>
        NewTopUps().TopUpAsync(LedgerWorld.Org, new Purchase(id, nanos, _world.Time.Now), Rules, CancellationToken.None);

    private Task<Result<AccountState>> TopUpAsync(LedgerProcess process, string id, int usd) =>
        process.Ledger.TopUpAsync(LedgerWorld.Org, new Purchase(id, usd * Samples.Usd, _world.Time.Now), CancellationToken.None);

    private async Task<AccountState> AcceptAsync(LedgerProcess process, string id, int usd)
    {
        (await TopUpAsync(process, id, usd)).Accepted(out var state, out var refusal).ShouldBeTrue(refusal?.ToString());
        return state!;
    }
}
