using Freeway.Runner.Tests.Broker;
using Freeway.Runner.Tests.Commands;

namespace Freeway.Runner.Tests.Clock;

/// <summary>With what <c>--clock</c> starts, and with what it does not.</summary>
public sealed class ClockStartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Data => Path.Combine(_folder.Path, "data");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("yesterday")]
    [InlineData("2026-03-31T23:58:00")]
    [InlineData("2026-02-30T00:00:00Z")]
    [InlineData("1999-12-31T23:59:59Z")]
    public async Task Moment_ThatIsNone_IsNamedWithAnExample(string moment)
    {
        await using var runner = RunnerProcess.Launch(_folder.Path, null, "--clock", moment);

        (await runner.ExitAsync()).ShouldBe(1);
        runner.Errors.First().ShouldBe(
            $"--clock: {moment} is no moment with its zone between 2000 and 2099, give one like 2026-03-31T23:58:00Z.");
    }

    [Theory]
    [InlineData("AzureWebJobsStorage", "DefaultEndpointsProtocol=https;AccountName=shared")]
    [InlineData("ServiceBus", "Endpoint=sb://shared")]
    public Task Parts_ThatOthersShare_AreRefused(string name, string value) => FailsAsync(
        "freeway: --clock needs the embedded tables and broker, whose times it sets: leave out --azurite, and unset "
        + "AzureWebJobsStorage and ServiceBus.",
        new Dictionary<string, string?> { [name] = value }, "--clock");

    [Fact]
    public async Task Folder_OfPlayedTimes_GoesOnWhereItsClockStoodAndIsForNothingElse()
    {
        await using (var first = await RunnerProcess.StartAsync(_folder.Path, null, "--data", Data, "--clock", "2026-03-31T23:58:00Z"))
        {
            first.Signal(RunnerProcess.Kill);
            await first.ExitAsync();
        }

        await FailsAsync(
            $"freeway: {Data} was used with --clock, up to 2026-03-31T23:58:00Z: start with --clock, or name another folder with --data.",
            null, "--data", Data);
        await FailsAsync(
            $"freeway: {Data} was used up to 2026-03-31T23:58:00Z, and its clock only goes forward: start at that moment or later, "
            + "or name a new folder with --data.",
            null, "--data", Data, "--clock", "2026-03-31T23:57:59Z");
        await using var next = await RunnerProcess.StartAsync(_folder.Path, null, "--data", Data, "--clock");
        await Eventually.BecomesAsync(
            () => next.Output.Contains("  clock      stands at 2026-03-31T23:58:00Z until it is moved"), true);
    }

    [Fact]
    public async Task Folder_OfRealTimes_IsNotPlayedIn()
    {
        Directory.CreateDirectory(Path.Combine(Data, "tables"));
        await File.WriteAllTextAsync(Path.Combine(Data, "tables", "tables.db"), "");

        await FailsAsync(
            $"freeway: {Data} holds real times, which --clock would mix with played ones: name a new folder with --data, or none, "
            + "for state that goes with the run.",
            null, "--data", Data, "--clock");
    }

    private async Task FailsAsync(string line, IReadOnlyDictionary<string, string?>? settings, params string[] arguments)
    {
        await using var runner = RunnerProcess.Launch(_folder.Path, settings, [.. arguments, "--port", "0"]);

        (await runner.ExitAsync()).ShouldBe(1);
        runner.Errors.First().ShouldBe(line);
    }
}
