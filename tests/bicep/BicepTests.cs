using Freeway.Functions.Settings;
using Freeway.Tests.Shared;
using Microsoft.Extensions.Configuration;

namespace Freeway.Bicep.Tests;

public sealed class BicepTests
{
    [Fact]
    public async Task Bicep_AsItIs_HasNoFinding()
    {
        (await BicepChecker.CheckAsync()).ShouldBeEmpty();

        // The compiler has the last word wherever there is one.
        if (CompilerOnThePath() is var (program, arguments))
        {
            var main = Path.Combine(RepositoryFolder.Root, "bicep", "main.bicep");
            var (exit, output) = await BicepChecker.StartAsync(program, [.. arguments, main, "--stdout"]);
            exit.ShouldBe(0, output);
        }
    }

    [Fact]
    public async Task Settings_AsTheBicepSetsThem_AreAccepted()
    {
        // What Azure alone knows is an address or an id.
        var settings = (await BicepChecker.SettingsAsync()).ToDictionary(
            pair => pair.Key.Replace("__", ":", StringComparison.Ordinal),
            pair => pair.Value.StartsWith('⟨') ? "https://known.later" : (string?)pair.Value);

        var read = FreewaySettings.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());

        read.Gateway.ShouldBeEquivalentTo(new GatewayOptions { AdminKeyHash = "", CorsOrigins = "" });
        read.Ledger.ShouldBeEquivalentTo(new Freeway.Gateway.Ledger.LedgerOptions());
        read.Upstream.ShouldBeEquivalentTo(new Freeway.Gateway.Inference.UpstreamOptions());
        read.Relay.ShouldBeEquivalentTo(new Freeway.Gateway.Inference.Relays.RelayOptions());
    }

    [Fact]
    public async Task SampleSettings_AreThoseThatTheCodeReads()
    {
        using var sample = System.Text.Json.JsonDocument.Parse(File.ReadAllText(Path.Combine(RepositoryFolder.Root, "local.settings.sample.json")));
        var given = sample.RootElement.GetProperty("Values").EnumerateObject().Select(setting => setting.Name).ToArray();
        var contract = await CodeContract.ReadAsync();
        var forIdentities = contract.Never.SelectMany(connection => contract.Reads.Where(name => name.StartsWith($"{connection}__", StringComparison.Ordinal)));
        string[] ofTheHost = ["FUNCTIONS_WORKER_RUNTIME"];

        // The URLs of the catalogue's upstreams are the catalogue's matter, but for the one that runs locally.
        contract.Reads.Except(forIdentities).Where(name => !name.EndsWith("__BaseUrl", StringComparison.Ordinal)).ShouldBeSubsetOf(given);
        given.Except(ofTheHost).ShouldBeSubsetOf(contract.Reads.Concat(contract.Never));
    }

    private static (string Program, string[] Arguments)? CompilerOnThePath()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        bool Has(string name) => folders.Any(folder => File.Exists(Path.Combine(folder, name)));
        return Has("bicep") ? ("bicep", ["build"]) : Has("az") ? ("az", ["bicep", "build", "--file"]) : null;
    }
}
