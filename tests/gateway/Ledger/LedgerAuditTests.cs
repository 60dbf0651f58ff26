using Freeway.Gateway.Ledger;
using Freeway.Tests.Shared.Ledger;

namespace Freeway.Gateway.Tests.Ledger;

/// <summary>Which refusals of a race the audit takes for true.</summary>
public sealed class LedgerAuditTests : IDisposable
{
    // Far apart, so that no pause of the machine carries a test from one age into another.
    private static readonly TimeSpan OpenAge = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan SettledAge = TimeSpan.FromHours(1);
    private static readonly TimeSpan Between = TimeSpan.FromMinutes(20);

    private readonly LedgerWorld _world = new();
    private readonly LedgerProcess _here;
    private readonly LedgerProcess _elsewhere;

    public LedgerAuditTests()
    {
        _here = _world.Process(new LedgerOptions { ReserveDeadline = TimeSpan.FromSeconds(60), OpenRefusalAge = OpenAge, SettledRefusalAge = SettledAge });
        _elsewhere = _world.Process();
    }

    [Fact]
    public async Task WasSpent_RefusedByAnAccountRememberedFromBeforeATopUpElsewhere_IsTrue()
    {
        await _world.RefuseAsync(_here, [Samples.Pay(5)]);
        await _world.TopUpAsync(_elsewhere, Samples.Usd);
        _world.Time.Jump(Between);
        var askedAt = _world.Time.Now;

        await _world.RefuseAsync(_here, [Samples.Pay(5)]);

        WasSpent(askedAt, Samples.Pay(5)).ShouldBeTrue();
    }

    [Fact]
    public async Task WasSpent_ToppedUpLongerAgoThanSettledUseIsRemembered_IsFalse()
    {
        await _world.TopUpAsync(_elsewhere, Samples.Usd);
        _world.Time.Jump(SettledAge * 2);

        WasSpent(_world.Time.Now, Samples.Pay(5)).ShouldBeFalse();
    }

    [Fact]
    public async Task WasSpent_GivenBackLongerAgoThanHoldsAreRemembered_IsFalse()
    {
        var one = RaceScenario.DailyLimit(1);
        var held = await _world.AdmitAsync(_elsewhere, one);
        WasSpent(_world.Time.Now, new Claim(one, 1)).ShouldBeTrue();
        await LedgerWorld.SettleAsync(_elsewhere, held, 0);
        _world.Time.Jump(Between);

        WasSpent(_world.Time.Now, new Claim(one, 1)).ShouldBeFalse();
    }

    [Fact]
    public async Task WasSpent_InAWindowThatIsOver_IsFalse()
    {
        var one = RaceScenario.MinuteLimit(1);
        await LedgerWorld.SettleAsync(_elsewhere, await _world.AdmitAsync(_elsewhere, one), 1);
        _world.Time.Jump(TimeSpan.FromMinutes(1));

        WasSpent(_world.Time.Now, new Claim(one, 1)).ShouldBeFalse();
    }

    public void Dispose() => _world.Dispose();

    private bool WasSpent(DateTimeOffset askedAt, Claim claim)
    {
        var refusal = new RaceRefusal([claim], claim, askedAt, _world.Time.Now);
        return _world.Audit.WasSpent(LedgerWorld.Org, refusal, OpenAge, SettledAge);
    }
}
