using System.Diagnostics;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Tests.Shared;

namespace Freeway.FrontDoor.Tests.Guides;

/// <summary>What the guides tell a reader to type does what they say, in the order in which it stands there.</summary>
public sealed class GuideTests
{
    /// <summary>A line that fails ends the whole, and says where it stands.</summary>
    private const string Telling = """exec 3>&1; trap '[ $? = 0 ] || { cat "$OUT"; echo "line $at failed"; } >&3' EXIT""" + "\n";

    /// <summary>All pages for people that have something to type.</summary>
    public static TheoryData<string> Pages => [.. Directory.GetFiles(Path.Combine(RepositoryFolder.Root, "docs"), "*.md").Append(Path.Combine(RepositoryFolder.Root, "README.md"))
        .Where(page => GuideStep.Of(File.ReadAllText(page)).Count > 0)
        .Select(page => Path.GetRelativePath(RepositoryFolder.Root, page)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Page_EveryCommandInTurn_DoesWhatItSays(string page)
    {
        await using var gateway = await TestGateway.StartAsync();
        var text = await File.ReadAllTextAsync(Path.Combine(RepositoryFolder.Root, page));

        var (exit, output) = await RunAsync(gateway, GuideStep.Of(text.Replace("http://localhost:7071", "$BASE", StringComparison.Ordinal)).Select(step => step.Script()));

        exit.ShouldBe(0, output);
    }

    [Fact]
    public void Steps_OfAPage_AreItsShellBlocks()
    {
        var steps = GuideStep.Of("Text\n```sh\none\n# → 1\ntwo\n```\n```json\n{}\n```\n```sh\nthree\n```\n");

        steps.Select(step => (step.Line, step.Commands, string.Join(",", step.Expected)))
            .ShouldBe([(3, "one\n", "1"), (5, "two\n", ""), (11, "three\n", "")]);
    }

    [Theory]
    [InlineData("curl -s $BASE/health/live\n# → nothing of the sort", "line 2 did not print")]
    [InlineData("false", "line 2 failed")]
    [InlineData("false\ntrue", "line 2 failed")]
    [InlineData("echo $NOT_SET", "line 2 failed")]
    public async Task Step_ThatDoesNotDoWhatItSays_IsFound(string block, string told)
    {
        await using var gateway = await TestGateway.StartAsync();

        var (exit, output) = await RunAsync(gateway, GuideStep.Of($"```sh\n{block}\n```\n").Select(step => step.Script().Replace("+ 20", "+ 0", StringComparison.Ordinal)));

        exit.ShouldNotBe(0);
        output.ShouldContain(told);
    }

    private static async Task<(int Exit, string Output)> RunAsync(TestGateway gateway, IEnumerable<string> steps)
    {
        var folder = Directory.CreateTempSubdirectory("freeway-guide-");
        try
        {
            var script = Path.Combine(folder.FullName, "guide.sh");
            await File.WriteAllTextAsync(script, Telling + string.Concat(steps));
            using var bash = Process.Start(new ProcessStartInfo("bash", ["-euo", "pipefail", script])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = folder.FullName,
                Environment =
                {
                    ["BASE"] = gateway.Host.Url.ToString().TrimEnd('/'),
                    ["ADMIN"] = gateway.Host.AdminKey,
                    ["KEY"] = gateway.Host.ApiKey,
                    ["OUT"] = Path.Combine(folder.FullName, "printed"),
                },
            })!;
            var (output, errors) = (bash.StandardOutput.ReadToEndAsync(), bash.StandardError.ReadToEndAsync());
            await bash.WaitForExitAsync();
            return (bash.ExitCode, await output + await errors);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
