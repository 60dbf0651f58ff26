using Freeway.Gateway.Ledger;
using Freeway.Tests.Shared.Architecture;

namespace Freeway.Gateway.Tests;

public sealed class ArchitectureTests
{
    private const string Home = "Freeway.Gateway";
    private static readonly string Gateway = typeof(RequestLedger).Assembly.Location;

    [Fact]
    public void Gateway_AnyModule_UsesOnlyModulesBeforeIt() => ModuleDependencies.UsesOfLaterModules(Gateway, Home, Home, ModuleDependencies.InOrder).ShouldBeEmpty();

    [Fact]
    public void Gateway_Modules_AreAllInTheOrder() => ModuleDependencies.Unknown(Gateway, Home, ModuleDependencies.InOrder).ShouldBeEmpty();

    [Fact]
    public void Gateway_References_AreDotNetAlone() =>
        ModuleDependencies.References(Gateway).ShouldAllBe(name =>
            name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal));

    [Fact]
    public void Modules_InTheOrderTurnedRound_AreFoundToUseLaterOnes()
    {
        // A reader that found nothing in the order turned round would find nothing anywhere.
        var found = ModuleDependencies.UsesOfLaterModules(Gateway, Home, Home, [.. ModuleDependencies.InOrder.Reverse()]);

        found.ShouldContain("Freeway.Gateway.Ledger.QuotaRefusal → Freeway.Gateway.Core.Refusal");
        found.ShouldContain("Freeway.Gateway.Inference.InferencePipeline → Freeway.Gateway.Models.Slug");
    }
}
