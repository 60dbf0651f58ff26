using System.Reflection;
using System.Text.Json;
using Freeway.Bicep.Tests.Compiler;
using Freeway.Bicep.Tests.Rules;
using Freeway.Functions.Settings;
using Freeway.Gateway.Inference;
using Freeway.Gateway.Inference.Relay;
using Freeway.Gateway.Ledger;
using Freeway.Tests.Shared;
using Microsoft.Extensions.Configuration;
using Xunit.Abstractions;

namespace Freeway.Bicep.Tests;

[Collection(nameof(SharedCompiler))]
public sealed class BicepTests(SharedCompiler shared, ITestOutputHelper output)
{
    [Fact]
    public async Task Bicep_AsItIs_HasNoFinding()
    {
        if (!BicepCli.IsHere(output))
        {
            return;
        }

        using var folder = new BicepFolder();
        var findings = new List<Finding>();
        await foreach (var finding in new BicepCheck(shared.Compiler, await CodeContract.ReadAsync()).RunAsync(folder))
        {
            findings.Add(finding);
        }

        findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task ParameterFiles_EachCompile_WithoutAWarning()
    {
        if (!BicepCli.IsHere(output))
        {
            return;
        }

        using var folder = new BicepFolder();
        foreach (var file in folder.ParameterFiles)
        {
            var compilation = await shared.Compiler.CompileAsync(file);
            compilation.Diagnostics.Select(Finding.Of).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task BicepFiles_AreInTheFormatOfTheCompiler()
    {
        if (!BicepCli.IsHere(output))
        {
            return;
        }

        using var folder = new BicepFolder();
        foreach (var file in folder.BicepFiles)
        {
            var name = Path.GetRelativePath(folder.Root, file);
            var formatted = await shared.Compiler.FormatAsync(file);
            (await File.ReadAllTextAsync(file)).ShouldBe(formatted, $"run: bicep format {name}");
        }
    }

    [Fact]
    public async Task Settings_AsTheBicepSetsThem_AreAccepted()
    {
        if (!BicepCli.IsHere(output))
        {
            return;
        }

        // What Azure alone knows is an address or an id, or the place of telemetry.
        const string Insights = "APPLICATIONINSIGHTS_CONNECTION_STRING";
        var settings = (await shared.SettingsAsync()).ToDictionary(
            setting => setting.Key.Replace("__", ":", StringComparison.Ordinal),
            setting => setting.Value is ArmExpression.Unknown ? "https://known.later" : (string?)setting.Value);
        settings[Insights] = "InstrumentationKey=known.later";

        var read = FreewaySettings.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());

        read.Gateway.ShouldBeEquivalentTo(new GatewayOptions { AdminKeyHash = "", CorsOrigins = "" });
        read.Ledger.ShouldBeEquivalentTo(new Freeway.Gateway.Ledger.LedgerOptions());
        read.Upstream.ShouldBeEquivalentTo(new Freeway.Gateway.Inference.UpstreamOptions());
        read.Relay.ShouldBeEquivalentTo(new Freeway.Gateway.Inference.Relay.RelayOptions());
    }

    [Fact]
    public async Task SampleSettings_AreThoseThatTheCodeReads()
    {
        var file = Path.Combine(RepositoryFolder.Root, "local.settings.sample.json");
        using var sample = JsonDocument.Parse(await File.ReadAllTextAsync(file));
        var values = sample.RootElement.GetProperty("Values");
        var given = values.EnumerateObject().Select(setting => setting.Name).ToArray();
        var contract = await CodeContract.ReadAsync();
        var forIdentities = contract.Reads.Where(name =>
            contract.Never.Any(connection => name.StartsWith($"{connection}__", StringComparison.Ordinal)));
        string[] ofTheHost = ["FUNCTIONS_WORKER_RUNTIME"];

        // The URLs of the catalogue's upstreams are the catalogue's matter, but for the one that runs locally.
        contract.Reads.Except(forIdentities)
            .Where(name => !name.EndsWith("__BaseUrl", StringComparison.Ordinal))
            .ShouldBeSubsetOf(given);
        given.Except(ofTheHost).ShouldBeSubsetOf(contract.Reads.Concat(contract.Never));
    }

    [Fact]
    public void Rules_OfPolicyAndContract_EachHaveAFault()
    {
        var rules = RulesOf(typeof(PolicyRule), "policy").Concat(RulesOf(typeof(ContractRule), "contract"));
        var shown = Fault.All.Where(fault => fault.By is "policy" or "contract")
            .Select(fault => FaultRun.Name(fault.By, fault.Rule));

        shown.Distinct().ShouldBe(rules, ignoreOrder: true);
    }

    private static IEnumerable<string> RulesOf(Type rules, string by) =>
        rules.GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(rule => FaultRun.Name(by, (string)rule.GetValue(null)!));
}
