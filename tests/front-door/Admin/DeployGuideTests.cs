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

    [Fact]
    public async Task FirstOrg_MadeByTheHookOfAzd_HasAKeyThatWorksAndIsMadeOnce()
    {
        await using var gateway = await TestGateway.StartAsync();
        var catalogue = TestCatalogue.Settings(new { models = new[] { TestCatalogue.Model("first/model") } })["Freeway:CataloguePath"]!;

        var first = await HookAsync(gateway, gateway.Host.AdminKey!, catalogue);
        var second = await HookAsync(gateway, gateway.Host.AdminKey!, catalogue);

        first.ShouldContain("of the catalogue counts.");
        second.ShouldContain("the organisation acme is there already.");
        using var caller = gateway.Client(first.TrimEnd()[(first.LastIndexOf(' ') + 1)..]);
        (await gateway.GetAsync("api/v1/models", caller)).GetProperty("data")[0].GetProperty("id").GetString().ShouldBe("first/model");
        using var admin = gateway.Admin();
        (await admin.DoneAsync("GET", "orgs/acme/keys")).GetProperty("data").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task FirstOrg_WithoutTheAdminKey_IsNotMade()
    {
        await using var gateway = await TestGateway.StartAsync();

        var said = await HookAsync(gateway, "", "");

        said.ShouldStartWith("freeway: deployed.");
        using var admin = gateway.Admin();
        using var none = await admin.OrderAsync("GET", "orgs/acme");
        none.StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound);
    }

    /// <summary>What the script says that azd runs after it has deployed.</summary>
    private static async Task<string> HookAsync(TestGateway gateway, string adminKey, string catalogue)
    {
        var script = Path.Combine(RepositoryFolder.Root, "eng", "azd", "first-org.sh");
        using var sh = Process.Start(new ProcessStartInfo("sh", [script])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["FREEWAY_URL"] = gateway.Host.Url.ToString().TrimEnd('/'),
                ["FREEWAY_ADMIN_KEY"] = adminKey,
                ["FREEWAY_FIRST_CATALOGUE"] = catalogue,
                ["FREEWAY_FIRST_ORG"] = "acme",
            },
        })!;
        var (output, errors) = (sh.StandardOutput.ReadToEndAsync(), sh.StandardError.ReadToEndAsync());
        await sh.WaitForExitAsync();
        sh.ExitCode.ShouldBe(0, await output + await errors);
        return await output;
    }

    [GeneratedRegex("^```\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
