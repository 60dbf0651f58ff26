using System.Diagnostics;
using System.Text.RegularExpressions;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Tests.Shared;

namespace Freeway.FrontDoor.Tests.Admin;

/// <summary>The calls that <c>docs/deploy.md</c> tells to make for the first org, its key and its credit.</summary>
public sealed partial class DeployGuideTests
{
    [Fact]
    public async Task Calls_AsTheGuideMakesThem_GoWell()
    {
        await using var gateway = await TestGateway.StartAsync();
        var guide = await File.ReadAllTextAsync(Path.Combine(RepositoryFolder.Root, "docs", "deploy.md"));
        var step = guide[guide.IndexOf("## 5.", StringComparison.Ordinal)..guide.IndexOf("## Upgrade", StringComparison.Ordinal)];
        var calls = Block().Matches(step).Select(block => block.Groups[1].Value).ToList();
        calls.Count.ShouldBe(4);

        using var bash = Process.Start(new ProcessStartInfo("bash", ["-c", "set -euo pipefail\n" + string.Concat(calls)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["FREEWAY_URL"] = gateway.Host.Url.ToString().TrimEnd('/'), ["ADMIN_KEY"] = gateway.Host.AdminKey },
        })!;
        var (output, errors) = (bash.StandardOutput.ReadToEndAsync(), bash.StandardError.ReadToEndAsync());
        await bash.WaitForExitAsync();

        bash.ExitCode.ShouldBe(0, await output + await errors);
        (await output).ShouldContain("\"content\":");
        (await output).ShouldContain("\"remaining\":");
        (await output).ShouldContain("\"bought_usd\":\"5.00\"");
        using var admin = gateway.Admin();
        (await admin.DoneAsync("GET", "orgs/acme/keys/first")).GetProperty("disabled").GetBoolean().ShouldBeTrue();
        (await admin.DoneAsync("GET", "orgs/acme")).GetProperty("disabled").GetBoolean().ShouldBeTrue();
    }

    [GeneratedRegex("^```\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
