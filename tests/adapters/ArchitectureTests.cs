using Freeway.Adapters.Ledger;
using Freeway.Tests.Shared.Architecture;

namespace Freeway.Adapters.Tests;

public sealed class ArchitectureTests
{
    private const string Home = "Freeway.Adapters";
    private static readonly string Adapters = typeof(TableLedgerStore).Assembly.Location;

    /// <summary>The module that all others use comes first.</summary>
    private static readonly IReadOnlyList<string> Order = ["Tables", .. ModuleDependencies.InOrder];

    [Fact]
    public void Adapters_AnyModule_UsesOnlyModulesBeforeIt() => ModuleDependencies.UsesOfLaterModules(Adapters, Home, Home, Order).ShouldBeEmpty();

    [Fact]
    public void Adapters_AnyModule_UsesOnlyTheGatewaysModuleOfItsNameAndThoseBeforeIt() =>
        ModuleDependencies.UsesOfLaterModules(Adapters, Home, "Freeway.Gateway", ModuleDependencies.InOrder).Where(use => !use.StartsWith("Freeway.Adapters.Tables.", StringComparison.Ordinal))
            .ShouldBeEmpty();

    [Fact]
    public void Adapters_Tables_UseNoModuleOfTheGateway() =>
        ModuleDependencies.UsesOfLaterModules(Adapters, Home, "Freeway.Gateway", Order).Where(use => use.StartsWith("Freeway.Adapters.Tables.", StringComparison.Ordinal))
            .ShouldBeEmpty();

    [Fact]
    public void Adapters_Modules_AreAllInTheOrder() => ModuleDependencies.Unknown(Adapters, Home, Order).ShouldBeEmpty();

    [Fact]
    public void Adapters_References_HoldNoWebServer() =>
        ModuleDependencies.References(Adapters).ShouldAllBe(name =>
            !name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) && !name.StartsWith("Microsoft.Azure.Functions", StringComparison.Ordinal));
}
