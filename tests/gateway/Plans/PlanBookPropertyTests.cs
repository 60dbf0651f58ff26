using Freeway.Gateway.Identity;
using Freeway.Gateway.Models;
using Freeway.Gateway.Plans;
using FsCheck;
using FsCheck.Fluent;

namespace Freeway.Gateway.Tests.Plans;

/// <summary>What holds for any plan, any org, any key and any request.</summary>
public sealed class PlanBookPropertyTests
{
    private static readonly string[] Ids = ["demo/echo", "demo/paint", "far/echo"];

    private static readonly Gen<Condition> SomeCondition =
        from premium in Maybe(Gen.Elements(true, false))
        from verified in Maybe(Gen.Elements(true, false))
        from never in Maybe(Gen.Elements(true, false))
        from least in Maybe(Gen.Elements(0L, 5L, 10L))
        from tier in Gen.Elements(null, null, "pro")
        select new Condition { Premium = premium, PhoneVerified = verified, NeverPaid = never, PurchasedAtLeastNanos = least, UserTier = tier };

    private static readonly Gen<ModelSet> SomeModels =
        Gen.Elements(ModelSet.All, new ModelSet(["demo/*"]), new ModelSet(["far/echo"]), new ModelSet(["*echo", "!far/*"]));

    private static readonly Gen<IReadOnlyList<Overflow>> SomeOverflows =
        Gen.Elements(Enum.GetValues<Overflow>()).NonEmptyListOf().Select(list => (IReadOnlyList<Overflow>)[.. list.Distinct()]);

    private static readonly Gen<PlanLimit> SomeLimit =
        from unit in Gen.Elements(LimitUnit.Requests, LimitUnit.Tokens)
        from scope in Gen.Elements(Enum.GetValues<LimitScope>().Where(scope => scope is not LimitScope.Upstream && !scope.IsOfEndUser()))
        from amount in Gen.Choose(1, 1000)
        from models in SomeModels
        from isBound in Gen.Frequency((2, Gen.Constant(false)), (1, Gen.Constant(true)))
        from condition in SomeCondition
        from amounts in (from when in SomeCondition from other in Gen.Choose(1, 1000) select new ConditionalAmount(when, other)).ListOf()
        from overflow in SomeOverflows
        select new PlanLimit(new Limit("", unit, amount, LimitWindow.Day, scope))
        {
            Models = models,
            When = isBound ? condition : null,
            Amounts = [.. amounts],
            Overflow = unit is LimitUnit.Tokens ? overflow : [.. overflow.Except([Overflow.Bill]), Overflow.Reject],
        };

    private static readonly Gen<Plan> SomePlan =
        from limits in SomeLimit.ListOf()
        from billing in Gen.Elements(Enum.GetValues<Billing>())
        from models in SomeModels
        from isBound in Gen.Frequency((3, Gen.Constant(false)), (1, Gen.Constant(true)))
        from eligible in SomeCondition
        select new Plan("plan", [.. limits.Select((limit, index) => limit with { Limit = limit.Limit with { Name = $"l{index}" } })])
        {
            Billing = billing,
            Models = models,
            Eligible = isBound ? eligible : null,
        };

    private static readonly Gen<Caller> SomeCaller =
        from premium in Gen.Elements(true, false)
        from verified in Gen.Elements(true, false)
        from bought in Gen.Elements(0L, 5L, 10L)
        from tier in Gen.Elements(null, "pro")
        from orgs in Maybe(Gen.Elements(Enum.GetValues<Overflow>()))
        from keys in Maybe(Gen.Elements(Enum.GetValues<Overflow>()))
        from ceiling in Maybe(Gen.Constant(7L))
        select new Caller(
            new Org("acme", "Acme") { Plan = "plan", Premium = premium, PhoneVerified = verified, PurchasedNanos = bought, UserTier = tier, Overflow = orgs, MonthlyCeilingNanos = ceiling },
            new ApiKey("key-1", "acme", "") { Overflow = keys });

    private static readonly Arbitrary<Case> Cases = (
        from plan in SomePlan
        from caller in SomeCaller
        from id in Gen.Elements(Ids)
        from variant in Gen.Elements(Variant.None, Variant.Free, Variant.Flex)
        from asked in Maybe(Gen.Elements(Enum.GetValues<Overflow>()))
        select new Case(plan, caller, id, variant, asked)).ToArbitrary();

    [Fact]
    public void Bind_Anything_AllowsNoMoreThanThePlan() => ForAll(run =>
    {
        if (run.Terms() is not { } terms)
        {
            return;
        }

        foreach (var bound in terms.Hard.Concat(terms.Gifts))
        {
            var planned = Planned(run, bound);
            planned.Models.Contains(run.ModelId).ShouldBeTrue();
            planned.When?.Holds(run.Caller.Org).ShouldBeTrue();
            planned.Amounts.Select(other => other.Amount).Append(planned.Limit.Amount).ShouldContain(bound.Limit.Amount);
            (bound.Limit with { Amount = planned.Limit.Amount }).ShouldBe(planned.Limit);
            (planned.Overflow.Contains(Overflow.NextFree) || !terms.NextFree.Contains(bound.Source)).ShouldBeTrue();
        }

        terms.Gifts.ShouldAllBe(gift => Planned(run, gift).Overflow.Contains(Overflow.Bill));
    });

    [Fact]
    public void Bind_Anything_LosesNoLimitThatApplies() => ForAll(run =>
    {
        if (run.Terms() is { } terms && run.Plan.Models.Contains(run.ModelId))
        {
            var applying = run.Plan.Limits.Where(limit => limit.Models.Contains(run.ModelId) && limit.When?.Holds(run.Caller.Org) is not false);
            terms.Hard.Concat(terms.Gifts).Select(bound => bound.Source).Order().ShouldBe(applying.Select(limit => $"plan.{limit.Limit.Name}").Order());
        }
    });

    [Fact]
    public void Bind_TheFreeSlug_NeverPays() => ForAll(run =>
    {
        if ((run with { Variant = Variant.Free }).Terms() is { } terms)
        {
            terms.Paid.ShouldBeEmpty();
            terms.Gifts.ShouldBeEmpty();
            terms.Hard.ShouldNotBeEmpty();
        }
    });

    [Fact]
    public void Bind_Anything_HasGiftsOnlyWhereSomebodyPaysBeyondThem() => ForAll(run =>
    {
        if (run.Terms() is { } terms)
        {
            (terms.Gifts.Count is 0 || terms.Paid.Count > 0).ShouldBeTrue();
            (terms.All.Any() || run.Plan.Billing is Billing.Free).ShouldBeTrue();
        }
    });

    /// <summary>Who allows less gets no more: what may be asked for shrinks, and so does what is billed.</summary>
    [Fact]
    public void Bind_TheOrgOrTheKeyNarrows_NothingBecomesPossibleThatWasNot() => ForAll(run =>
    {
        foreach (var narrow in Enum.GetValues<Overflow>().Where(overflow => overflow <= (run.Caller.Key.Overflow ?? Overflow.Bill)))
        {
            AskableNoMore(run, run with { Caller = run.Caller with { Key = run.Caller.Key with { Overflow = narrow } } });
        }

        foreach (var narrow in Enum.GetValues<Overflow>().Where(overflow => overflow <= (run.Caller.Org.Overflow ?? Overflow.Bill)))
        {
            AskableNoMore(run, run with { Caller = run.Caller with { Org = run.Caller.Org with { Overflow = narrow } } });
        }
    });

    [Fact]
    public void Bind_AskedForLess_BillsNoMore() => ForAll(run =>
    {
        foreach (var asked in Enum.GetValues<Overflow>())
        {
            foreach (var less in Enum.GetValues<Overflow>().Where(overflow => overflow < asked))
            {
                if ((run with { Asked = asked }).Terms() is { } wide && (run with { Asked = less }).Terms() is { } narrow)
                {
                    narrow.Gifts.ShouldBeSubsetOf(wide.Gifts);
                    (narrow.Paid.Count <= wide.Paid.Count).ShouldBeTrue();
                }
            }
        }
    });

    private static void AskableNoMore(Case wide, Case narrow)
    {
        foreach (var asked in Enum.GetValues<Overflow>())
        {
            if ((narrow with { Asked = asked }).Terms() is { } less)
            {
                var more = (wide with { Asked = asked }).Terms().ShouldNotBeNull();
                less.Gifts.ShouldBeSubsetOf(more.Gifts);
            }
        }
    }

    private static PlanLimit Planned(Case run, BoundLimit bound) => run.Plan.Limits.Single(limit => $"plan.{limit.Limit.Name}" == bound.Source);

    private static Gen<T?> Maybe<T>(Gen<T> some)
        where T : struct => Gen.OneOf(Gen.Constant((T?)null), some.Select(value => (T?)value));

    private static void ForAll(Action<Case> holds) => Prop.ForAll(Cases, holds).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    private sealed record Case(Plan Plan, Caller Caller, string ModelId, Variant Variant, Overflow? Asked)
    {
        /// <summary>Null where it is refused.</summary>
        public Terms? Terms()
        {
            var model = new Model(ModelId, ModelId, 1000, Price.Zero, "plan", true, [new ModelRoute("loopback", "echo")]);
            return new PlanBook([Plan], PlanBook.PayAsYouGo).Bind(Caller, new Slug(ModelId, Variant), model, Asked).Accepted(out var terms, out _) ? terms : null;
        }
    }
}
