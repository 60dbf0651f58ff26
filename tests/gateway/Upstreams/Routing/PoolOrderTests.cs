using Freeway.Gateway.Plans;
using Freeway.Gateway.Upstreams.Leasing;
using Freeway.Gateway.Upstreams.Routing;
using FsCheck;
using FsCheck.Fluent;

namespace Freeway.Gateway.Tests.Upstreams.Routing;

public sealed class PoolOrderTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 29, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Order_ResetsDiffer_TheSoonestIsSpentFirst() => Names(
        ("month", [At(LimitWindow.Month, 100, 100)]), ("credits", [At(LimitWindow.Lifetime, 5, 5)]), ("minute", [At(LimitWindow.Minute, 5, 5)]),
        ("endless", []), ("day", [At(LimitWindow.Day, 100, 100)]))
        .ShouldBe(["minute", "day", "month", "credits", "endless"]);

    [Fact]
    public void Order_DayThatTakesLongToSpend_GoesBeforeOneThatIsSpentAtOnce() => Names(
        ("quick", [At(LimitWindow.Day, 50, 50), At(LimitWindow.Minute, 20, 20)]), ("slow", [At(LimitWindow.Day, 500, 500), At(LimitWindow.Minute, 1, 1)]))
        .ShouldBe(["slow", "quick"]);

    [Fact]
    public void Order_MinuteOfADayIsSpent_GoesLast() => Names(
        ("spent", [At(LimitWindow.Day, 50, 50), At(LimitWindow.Minute, 20, 0)]), ("credits", [At(LimitWindow.Lifetime, 5, 5)]))
        .ShouldBe(["credits", "spent"]);

    [Fact]
    public void Order_EqualResets_TheLargerShareIsSpentFirst() => Names(
        ("half", [At(LimitWindow.Day, 50, 25)]), ("whole", [At(LimitWindow.Day, 10, 10)]), ("whole too", [At(LimitWindow.Day, 20, 20)]))
        .ShouldBe(["whole", "whole too", "half"]);

    [Fact]
    public void Order_AnyMembers_IsOfTheSameOnesAndByLatestStart() => Check.QuickThrowOnFailure(Prop.ForAll(Pools(), pool =>
    {
        var order = PoolOrder.Of(pool, member => member, Now);
        var alive = order.TakeWhile(member => member.All(limit => limit.Remaining > 0)).ToList();
        return order.Count == pool.Length
            && pool.All(member => order.Any(other => ReferenceEquals(other, member)))
            && order.Skip(alive.Count).All(member => member.Any(limit => limit.Remaining is 0))
            && alive.Zip(alive.Skip(1)).All(pair => Start(pair.First) <= Start(pair.Second));
    }));

    [Fact]
    public void Order_MoreIsLeftOfAMember_IsNeverSpentLater() => Check.QuickThrowOnFailure(Prop.ForAll(Pools(), pool =>
    {
        if (pool is not [var first, ..] || first is not [var limit, ..])
        {
            return true;
        }

        QuotaLeaseStatus[] more = [limit with { Remaining = limit.Limit.Amount + limit.Remaining }, .. first[1..]];
        return Start(more) <= Start(first);
    }));

    [Fact]
    public void LatestStart_AnyMember_IsBetweenNowAndItsLastReset() => Check.QuickThrowOnFailure(Prop.ForAll(Pools(), pool => pool.All(member =>
        PoolOrder.LatestStart(member, Now) is not { } start || (start >= Now && start <= member.Max(limit => limit.ResetsAt)))));

    private static DateTimeOffset Start(IReadOnlyList<QuotaLeaseStatus> member) => PoolOrder.LatestStart(member, Now) ?? DateTimeOffset.MaxValue;

    private static IReadOnlyList<string> Names(params (string Name, QuotaLeaseStatus[] Limits)[] members) =>
        [.. PoolOrder.Of(members, member => member.Limits, Now).Select(member => member.Name)];

    private static QuotaLeaseStatus At(LimitWindow window, long amount, long remaining, LimitUnit unit = LimitUnit.Requests) =>
        new(new Limit($"{unit}-{window}", unit, amount, window, LimitScope.Org), remaining, WindowSpan.At(window, Now).ResetsAt);

    private static Arbitrary<QuotaLeaseStatus[][]> Pools() => (
        from window in Gen.Elements(LimitWindow.Minute, LimitWindow.Hour, LimitWindow.Day, LimitWindow.Month, LimitWindow.Lifetime)
        from unit in Gen.Elements(LimitUnit.Requests, LimitUnit.Tokens)
        from amount in Gen.Choose(1, 10_000)
        from left in Gen.Choose(0, 10)
        select At(window, amount, amount * left / 10, unit)).ArrayOf().ArrayOf().ToArbitrary();
}
