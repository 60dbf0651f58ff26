using System.Diagnostics;
using System.Text.RegularExpressions;
using Freeway.Tests.Shared;

namespace Freeway.Bicep.Tests;

/// <summary><c>docs/deploy.md</c> speaks of what is there.</summary>
public sealed partial class DeployGuideTests
{
    private static readonly string Guide = Read("docs", "deploy.md");

    [Fact]
    public void Guide_NamesOnlyOutputsAndVariablesThatAreThere()
    {
        var given = Output().Matches(Read("bicep", "main.bicep")).Select(match => match.Groups[1].Value)
            .Concat(Variable().Matches(Read("bicep", "main.bicepparam")).Select(match => match.Groups[1].Value))
            .Concat(Named().Matches(Read("eng", "azd", "first-org.sh")).Select(match => match.Value))
            .ToArray();

        Named().Matches(Guide).Select(match => match.Value).Distinct().ShouldBeSubsetOf(given);
    }

    [Fact]
    public void Guide_NamesOnlyParametersThatAreThere()
    {
        var parameters = Parameter().Matches(Read("bicep", "main.bicep")).Select(match => match.Groups[1].Value);

        GivenParameter().Matches(Guide).Select(match => match.Groups[1].Value).Distinct().ShouldBeSubsetOf(parameters);
    }

    [Fact]
    public async Task Guide_HasTheCostsAsTheyAreComputed()
    {
        var script = Path.Combine(RepositoryFolder.Root, "eng", "costs.mjs");
        using var node = Process.Start(new ProcessStartInfo("node", [script]) { RedirectStandardOutput = true })!;
        var costs = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();

        node.ExitCode.ShouldBe(0, costs);
        Guide.ShouldContain($"<!-- costs -->\n{costs}<!-- /costs -->");
    }

    [Fact]
    public void Guide_NamesEveryParameterFile()
    {
        var folder = Path.Combine(RepositoryFolder.Root, "bicep", "parameters");

        Directory.GetFiles(folder).Select(Path.GetFileName).Where(file => !Guide.Contains($"`{file}`")).ShouldBeEmpty();
    }

    private static string Read(params string[] path) =>
        File.ReadAllText(Path.Combine([RepositoryFolder.Root, .. path]));

    [GeneratedRegex(@"^output (\w+) ", RegexOptions.Multiline)]
    private static partial Regex Output();

    [GeneratedRegex(@"readEnvironmentVariable\('(\w+)'")]
    private static partial Regex Variable();

    [GeneratedRegex(@"\b(FREEWAY|AZURE)_[A-Z_]+\b")]
    private static partial Regex Named();

    [GeneratedRegex(@"^param (\w+) ", RegexOptions.Multiline)]
    private static partial Regex Parameter();

    [GeneratedRegex(@"\b([a-z]+[A-Z]\w+)=(?!=)")]
    private static partial Regex GivenParameter();
}
