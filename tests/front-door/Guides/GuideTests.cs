using Freeway.FrontDoor.Tests.Support;
using Freeway.Runner;
using Freeway.Runner.Clock;
using Freeway.Tests.Shared;

namespace Freeway.FrontDoor.Tests.Guides;

/// <summary>What the guides tell a reader to type does what they say, in the order in which it stands there.</summary>
public sealed class GuideTests
{
    /// <summary>Played on a clock that stands, by a test of its own.</summary>
    private static readonly string ClockPage = Path.Combine("docs", "clock.md");

    /// <summary>Played where sign-up is open, by <see cref="SignUp.SignUpTests"/>.</summary>
    private static readonly string SignUpPage = Path.Combine("docs", "sign-up.md");

    /// <summary>All pages for people that have something to type.</summary>
    public static TheoryData<string> Pages => [.. Directory.GetFiles(Path.Combine(RepositoryFolder.Root, "docs"), "*.md").Append(Path.Combine(RepositoryFolder.Root, "README.md"))
        .Where(page => GuideStep.Of(File.ReadAllText(page)).Count > 0)
        .Select(page => Path.GetRelativePath(RepositoryFolder.Root, page))
        .Where(page => page != ClockPage && page != SignUpPage).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Page_EveryCommandInTurn_DoesWhatItSays(string page)
    {
        await using var gateway = await TestGateway.StartAsync();

        var (exit, output) = await GuideRun.PlayAsync(gateway.Host, await PageAsync(page));

        exit.ShouldBe(0, output);
    }

    [Fact]
    public async Task ClockPage_OnAClockThatStands_DoesWhatItSays()
    {
        var clock = new ManualClock(new DateTimeOffset(2026, 3, 31, 23, 58, 0, TimeSpan.Zero));
        await using var host = await FreewayHost.StartAsync(new FreewayHostOptions { TimeProvider = clock });

        var (exit, output) = await GuideRun.PlayAsync(host, await PageAsync(ClockPage));

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

        var (exit, output) = await GuideRun.PlayAsync(gateway.Host, $"```sh\n{block}\n```\n", patience: 0);

        exit.ShouldNotBe(0);
        output.ShouldContain(told);
    }

    private static Task<string> PageAsync(string page) =>
        File.ReadAllTextAsync(Path.Combine(RepositoryFolder.Root, page));
}
