using Freeway.Gateway.Plans;
using Freeway.Tests.Shared;
using Freeway.Tests.Shared.Ledger;
using FsCheck;
using FsCheck.Fluent;

namespace Freeway.Gateway.Tests.Ledger;

/// <summary>Races under plans of every kind: gifts, money, concurrency, tokens, top-ups and Idempotency-Keys.</summary>
public sealed class PlanRaceTests
{
    private static readonly FaultRates Tenths = new(LoseAnswer: 0.1, NeverSend: 0.1, LandLate: 0.1);
    private static readonly IReadOnlyList<BoundLimit> Money = [Account.Prepaid, Account.OrgCeiling(9000), Account.KeyCeiling("key-1", 7000)];
    private static readonly IReadOnlyList<BoundLimit> DailyGift = [RaceScenario.Limit(LimitUnit.Tokens, 300, LimitWindow.Day, "gift")];

    [Theory]
    [MemberData(nameof(LedgerRaceTests.Seeds), MemberType = typeof(LedgerRaceTests))]
    public Task Race_AGiftOverflowsToAnAccountThatIsToppedUp_AddsUp(int seed) =>
        RaceCheck.HoldsAsync(new RaceScenario(seed)
        {
            Faults = seed % 2 is 0 ? Tenths : FaultRates.None,
            Limits = [RaceScenario.DailyLimit(60)],
            Gifts = DailyGift,
            Paid = Money,
            MostTokens = 60,
            Overruns = 0.3,
            TopUps = 8,
            TopUp = 700,
        });

    [Theory]
    [MemberData(nameof(LedgerRaceTests.Seeds), MemberType = typeof(LedgerRaceTests))]
    public Task Race_OfEndUsersUnderAnOrgsLimit_NoneIsOver(int seed) =>
        RaceCheck.HoldsAsync(new RaceScenario(seed)
        {
            Processes = 3,
            Faults = seed % 2 is 0 ? Tenths : FaultRates.None,
            Cancels = seed % 3 is 0 ? 0.3 : 0,
            EndUsers = 7,
            Limits =
            [
                RaceScenario.EndUserLimit(LimitUnit.Requests, 4),
                RaceScenario.EndUserLimit(LimitUnit.ConcurrentRequests, 2, LimitWindow.None),
                RaceScenario.DailyLimit(20),
            ],
        });

    [Theory]
    [MemberData(nameof(LedgerRaceTests.Seeds), MemberType = typeof(LedgerRaceTests))]
    public Task Race_OfMoreNewEndUsersThanMayBegin_BeginsNoMore(int seed) =>
        RaceCheck.HoldsAsync(new RaceScenario(seed)
        {
            Processes = 3,
            Faults = Tenths,
            Cancels = 0.3,
            Kills = seed % 2 is 0,
            RollsOver = seed % 3 is 0,
            EndUsers = 40,
            EndUserRowsPerDay = 10,
            Limits = [RaceScenario.EndUserLimit(LimitUnit.Requests, 3), RaceScenario.EndUserLimit(LimitUnit.Tokens, 100)],
            MostTokens = 20,
            Overruns = 0.2,
        });

    [Theory]
    [MemberData(nameof(LedgerRaceTests.Seeds), MemberType = typeof(LedgerRaceTests))]
    public Task Race_OneAtATimeWithKillsAndCancels_LeaksNoLease(int seed) =>
        RaceCheck.HoldsAsync(new RaceScenario(seed)
        {
            Processes = 3,
            Faults = Tenths,
            Cancels = 0.3,
            Kills = true,
            OpenRefusalAge = TimeSpan.FromMilliseconds(1),
            Limits = [RaceScenario.Limit(LimitUnit.ConcurrentRequests, 1 + (seed % 3), LimitWindow.None), RaceScenario.DailyLimit(60)],
        });

    [Theory]
    [MemberData(nameof(LedgerRaceTests.Seeds), MemberType = typeof(LedgerRaceTests))]
    public Task Race_LeasesExpireWhileTheirRequestsRun_AddsUp(int seed) =>
        RaceCheck.HoldsAsync(new RaceScenario(seed)
        {
            Faults = Tenths,
            Freezes = true,
            RollsOver = seed % 2 is 0,
            LeaseLasts = TimeSpan.FromSeconds(40),
            OpenRefusalAge = TimeSpan.FromMilliseconds(1),
            Limits = [RaceScenario.Limit(LimitUnit.ConcurrentRequests, 4, LimitWindow.None)],
        });

    [Theory]
    [MemberData(nameof(LedgerRaceTests.Seeds), MemberType = typeof(LedgerRaceTests))]
    public Task Race_FewIdempotencyKeysForMany_AdmitsEachOnce(int seed) =>
        RaceCheck.HoldsAsync(new RaceScenario(seed)
        {
            Processes = 3,
            Faults = Tenths,
            Cancels = 0.3,
            Kills = seed % 2 is 0,
            Repeats = 0.8,
            Limits = [RaceScenario.DailyLimit(60)],
            Gifts = DailyGift,
            Paid = [Account.Prepaid],
            MostTokens = 20,
            TopUps = 3,
        });

    [Fact]
    public void Race_AnyPlan_AddsUp() => Prop.ForAll(Scenarios().ToArbitrary(), RaceCheck.HoldsAsync).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    private static Gen<RaceScenario> Scenarios() =>
        from seed in Gen.Choose(1, 1_000_000)
        from limits in Gen.SubListOf(Hard())
        from gifts in Gen.SubListOf(Gifts())
        from paid in Gen.SubListOf(Money.AsEnumerable())
        from sizes in Gen.Four(Gen.Choose(1, 20))
        from rates in Gen.Four(Gen.Choose(0, 30))
        from repeats in Gen.Choose(0, 60)
        from happenings in Gen.Choose(0, 15)
        select new RaceScenario(seed)
        {
            Processes = 1 + (sizes.Item1 % 3),
            Callers = sizes.Item2,
            Requests = 1 + (sizes.Item3 % 4),
            Limits = limits.Count + gifts.Count + paid.Count is 0 ? [RaceScenario.DailyLimit(10)] : [.. limits],
            Gifts = [.. gifts],
            Paid = [.. paid],
            MostTokens = sizes.Item4 * 4,
            Overruns = rates.Item1 / 100.0,
            TopUps = seed % 6,
            TopUp = 1 + (seed % 900),
            Repeats = repeats / 100.0,
            Faults = new FaultRates(rates.Item2 / 200.0, rates.Item3 / 200.0, rates.Item4 / 200.0),
            Cancels = rates.Item1 / 100.0,
            Rivals = rates.Item2 / 100.0,
            RollsOver = (happenings & 1) > 0,
            Kills = (happenings & 2) > 0,
            Freezes = (happenings & 4) > 0,
            Skew = TimeSpan.FromSeconds((happenings & 8) > 0 ? 6 : 0),
        };

    private static IEnumerable<BoundLimit> Hard() =>
    [
        RaceScenario.DailyLimit(25),
        RaceScenario.MinuteLimit(12),
        RaceScenario.Limit(LimitUnit.Requests, 40, LimitWindow.Month),
        RaceScenario.Limit(LimitUnit.Requests, 50, LimitWindow.Rolling30Days),
        RaceScenario.Limit(LimitUnit.Tokens, 900, LimitWindow.Day),
        RaceScenario.Limit(LimitUnit.InputTokens, 500, LimitWindow.Minute),
        RaceScenario.Limit(LimitUnit.MicroUnits, 1500, LimitWindow.Hour),
        RaceScenario.Limit(LimitUnit.NanoDollars, 6000, LimitWindow.Day),
        RaceScenario.Limit(LimitUnit.NanoDollars, 9000, LimitWindow.Lifetime),
        RaceScenario.Limit(LimitUnit.ConcurrentRequests, 3, LimitWindow.None),
    ];

    private static IEnumerable<BoundLimit> Gifts() =>
        [RaceScenario.Limit(LimitUnit.Tokens, 400, LimitWindow.Day, "gift"), RaceScenario.Limit(LimitUnit.Tokens, 600, LimitWindow.Month, "monthly-gift")];
}
