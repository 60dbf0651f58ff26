using Freeway.Gateway.Models;
using Freeway.Gateway.Upstreams.Routing;

namespace Freeway.Gateway.Tests.Upstreams.Routing;

public sealed class RouteOrderTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 29, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Order_NoWish_IsTheCatalogues() => Ways([Of("a"), Of("b"), Of("c")]).ShouldBe(["a", "b", "c"]);

    [Fact]
    public void Order_Asked_ComesFirstAndTheOthersAfter() =>
        Ways([Of("a"), Of("b"), Of("c")], RoutePreference.None with { Order = ["C", "nobody", "b"] }).ShouldBe(["c", "b", "a"]);

    [Fact]
    public void Order_AskedWithoutFallbacks_IsAllThereIs() =>
        Ways([Of("a"), Of("b"), Of("c")], RoutePreference.None with { Order = ["c", "b"], AllowFallbacks = false }).ShouldBe(["c", "b"]);

    [Fact]
    public void Fallbacks_AreNotAllowed_OnlyTheFirstChoiceIsTried() =>
        Ways([Of("a"), Of("b")], RoutePreference.None with { AllowFallbacks = false }).ShouldBe(["a"]);

    [Fact]
    public void Fallbacks_AreNotAllowedAndTheFirstIsParked_NothingIsTriedAndTheWaitIsTold()
    {
        var plan = RouteOrder.Of([Of("a") with { Bar = RouteExclusion.Parked, Until = Now }, Of("b")], RoutePreference.None with { AllowFallbacks = false }, () => 0);

        plan.Ways.ShouldBeEmpty();
        plan.Soonest.ShouldBe(Now);
    }

    [Fact]
    public void Only_AndIgnore_BarTheOthers() =>
        Ways([Of("a"), Of("b"), Of("c")], RoutePreference.None with { Only = ["a", "B"], Ignore = ["A"] }).ShouldBe(["b"]);

    [Fact]
    public void Bars_OfAllRoutes_TellTheSoonestOfThoseThatCouldServe()
    {
        var plan = RouteOrder.Of(
            [
                Of("a") with { Bar = RouteExclusion.Parked, Until = Now.AddMinutes(3) }, Of("b") with { Bar = RouteExclusion.NoAllowance, Until = Now.AddMinutes(2) },
                Of("c") with { Bar = RouteExclusion.Incapable }, Of("d") with { Bar = RouteExclusion.Parked, Until = Now },
            ],
            RoutePreference.None with { Ignore = ["d"] },
            () => 0);

        plan.Ways.ShouldBeEmpty();
        plan.Soonest.ShouldBe(Now.AddMinutes(2));
    }

    [Fact]
    public void Weights_AreGiven_EachIsFirstAsOftenAsItsShare()
    {
        var random = new Random(7);
        RouteCandidate[] candidates = [Of("a", 1), Of("b", 3)];

        var first = Enumerable.Range(0, 4000).Count(_ => RouteOrder.Of(candidates, RoutePreference.None, random.NextDouble).Ways[0].Upstream is "b");

        first.ShouldBeInRange(2850, 3150);
    }

    [Fact]
    public void Weights_OfZero_ComeLast() =>
        RouteOrder.Of([Of("a", 0), Of("b", 1)], RoutePreference.None, () => 0).Ways.Select(route => route.Upstream).ShouldBe(["b", "a"]);

    [Fact]
    public void Sort_ByLatency_TheQuickestAndTheUnseenComeFirst() =>
        Ways(
            [Of("slow") with { Latency = TimeSpan.FromSeconds(2) }, Of("quick") with { Latency = TimeSpan.FromSeconds(1) }, Of("unseen")],
            RoutePreference.None with { Sort = RouteSort.Latency }).ShouldBe(["unseen", "quick", "slow"]);

    [Theory]
    [InlineData(true, false, 100, "b")]
    [InlineData(false, true, 100, "a")]
    [InlineData(false, false, 5000, "b")]
    public void Needs_OfARequest_AreHeldAgainstWhatARouteCan(bool tools, bool vision, long context, string fits)
    {
        var needs = new RouteRequirements(Surface.ChatCompletions, tools, vision, context);
        ModelRoute[] routes =
            [new("a", "a") { Tools = false, ContextLength = 4096 }, new("b", "b") { Vision = false, ContextLength = 8192 }];

        routes.Where(route => needs.Fits(route, 8192)).Select(route => route.Upstream).ShouldBe([fits]);
    }

    private static RouteCandidate Of(string upstream, int? weight = null) => new(new ModelRoute(upstream, upstream) { Weight = weight });

    private static IReadOnlyList<string> Ways(RouteCandidate[] candidates, RoutePreference? wish = null) =>
        [.. RouteOrder.Of(candidates, wish ?? RoutePreference.None, () => 0.5).Ways.Select(route => route.Upstream)];
}
