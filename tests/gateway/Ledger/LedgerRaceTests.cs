using Freeway.Tests.Shared;
using Freeway.Tests.Shared.Ledger;
using FsCheck;
using FsCheck.Fluent;

namespace Freeway.Gateway.Tests.Ledger;

public sealed class LedgerRaceTests
{
    private static readonly FaultRates Fifths = new(LoseAnswer: 0.2, NeverSend: 0.2, LandLate: 0.2);

    [Fact]
    public Task Race_NoFaults_AddsUp() => RaceCheck.HoldsAsync(new RaceScenario(1) { Processes = 3, Callers = 30 });

    [Theory]
    [MemberData(nameof(Seeds))]
    public Task Race_AnswersLostNeverSentAndLateAFifthEach_AddsUp(int seed) =>
        RaceCheck.HoldsAsync(new RaceScenario(seed) { Faults = Fifths, Limits = [RaceScenario.DailyLimit(10), RaceScenario.MinuteLimit(20)] });

    [Theory]
    [MemberData(nameof(Seeds))]
    public Task Race_MuchIsGivenBack_RefusesOnlyWhatWasSpentJustBefore(int seed) =>
        RaceCheck.HoldsAsync(new RaceScenario(seed)
        {
            Processes = 3,
            Callers = 15,
            Requests = 6,
            Faults = seed % 2 is 0 ? Fifths : FaultRates.None,
            OpenRefusalAge = TimeSpan.FromMilliseconds(1),
            Limits = [RaceScenario.DailyLimit(70), RaceScenario.MinuteLimit(60)],
        });

    [Theory]
    [MemberData(nameof(Seeds))]
    public Task Race_CallersLeaveUnderFaults_AddsUp(int seed) =>
        RaceCheck.HoldsAsync(new RaceScenario(seed) { Faults = Fifths, Cancels = 0.4, Rivals = 0.2, Limits = [RaceScenario.DailyLimit(40)] });

    [Theory]
    [MemberData(nameof(Seeds))]
    public Task Race_MidnightWithSkewedClocksUnderFaults_AddsUp(int seed) =>
        RaceCheck.HoldsAsync(new RaceScenario(seed)
        {
            Faults = Fifths,
            Cancels = 0.2,
            RollsOver = true,
            Skew = TimeSpan.FromSeconds(8),
            Limits = [RaceScenario.DailyLimit(12), RaceScenario.MinuteLimit(9)],
            MostPerRequest = 3,
        });

    [Theory]
    [MemberData(nameof(Seeds))]
    public Task Race_AProcessIsKilledAndRecoveredBesideTheOthers_AddsUp(int seed) =>
        RaceCheck.HoldsAsync(new RaceScenario(seed) { Processes = 3, Faults = Fifths, Cancels = 0.2, Kills = true, Limits = [RaceScenario.DailyLimit(60)] });

    [Theory]
    [MemberData(nameof(Seeds))]
    public Task Race_EveryProcessIsTakenForDead_AddsUp(int seed) =>
        RaceCheck.HoldsAsync(new RaceScenario(seed) { Processes = 3, Faults = Fifths, Cancels = 0.2, Freezes = true, Limits = [RaceScenario.DailyLimit(60)] });

    [Fact]
    public void Race_AnyScenario_AddsUp() =>
        Prop.ForAll(Scenarios().ToArbitrary(), RaceCheck.HoldsAsync).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 8)];

    private static Gen<RaceScenario> Scenarios() =>
        from seed in Gen.Choose(1, 1_000_000)
        from processes in Gen.Choose(1, 4)
        from callers in Gen.Choose(1, 25)
        from requests in Gen.Choose(1, 4)
        from most in Gen.Choose(1, 3)
        from limits in Gen.Elements<IReadOnlyList<long>>([1], [10], [30], [10, 5], [4, 40])
        from lost in Gen.Choose(0, 20)
        from unsent in Gen.Choose(0, 20)
        from late in Gen.Choose(0, 20)
        from cancels in Gen.Choose(0, 40)
        from rivals in Gen.Choose(0, 30)
        from skew in Gen.Choose(0, 10)
        from happenings in Gen.Choose(0, 7)
        select new RaceScenario(seed)
        {
            Processes = processes,
            Callers = callers,
            Requests = requests,
            MostPerRequest = most,
            Limits = limits.Count is 1 ? [RaceScenario.DailyLimit(limits[0])] : [RaceScenario.DailyLimit(limits[0]), RaceScenario.MinuteLimit(limits[1])],
            Faults = new FaultRates(lost / 100.0, unsent / 100.0, late / 100.0),
            Cancels = cancels / 100.0,
            Rivals = rivals / 100.0,
            Skew = TimeSpan.FromSeconds(skew),
            RollsOver = (happenings & 1) > 0,
            Kills = (happenings & 2) > 0,
            Freezes = (happenings & 4) > 0,
        };
}
