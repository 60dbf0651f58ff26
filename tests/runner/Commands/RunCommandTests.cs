using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Freeway.Runner.Tests.Broker;

namespace Freeway.Runner.Tests.Commands;

public sealed class RunCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Data => Path.Combine(_folder.Path, "data");

    [Fact]
    public async Task Run_FromNothingWithoutNode_AnswersAndEndsOnASignal()
    {
        var nothing = new Dictionary<string, string?> { ["PATH"] = "/nowhere" };
        await using var runner = await RunnerProcess.StartAsync(_folder.Path, nothing, "--data", Data);

        using (var answer = await runner.ChatAsync("demo/echo:free", "hello there"))
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            (await answer.Content.ReadAsStringAsync()).ShouldContain("hello there");
        }

        runner.Output.Count(line => line.StartsWith("  curl ")).ShouldBe(3);
        runner.Output.ShouldContain(line => line.Contains(runner.Said("apiKey")));
        runner.Signal(RunnerProcess.Terminate);

        (await runner.ExitAsync()).ShouldBe(0);
        runner.Output.Last().ShouldBe("stopped");
        runner.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_ToldToStopInMidStream_FinishesTheStreamFirst()
    {
        await using var runner = await RunnerProcess.StartAsync(_folder.Path, null, "--data", Data);
        using var answer = await runner.ChatAsync("demo/echo:free", "/script chunks=5 delay_ms=200 one two three four five", stream: true);
        using var body = new StreamReader(await answer.Content.ReadAsStreamAsync());
        var text = await body.ReadLineAsync();

        runner.Signal(RunnerProcess.Terminate);

        text += await body.ReadToEndAsync();
        text.ShouldContain("five");
        text.ShouldEndWith("data: [DONE]\n\n");
        (await runner.ExitAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Run_ToldTwice_EndsAtOnceWithItsAzurite()
    {
        await using var runner = await RunnerProcess.StartAsync(_folder.Path, null, "--data", Data, "--azurite");
        using var answer = await runner.ChatAsync("demo/echo:free", "/script chunks=9 delay_ms=2000 a b c d e f g h i", stream: true);

        runner.Signal(RunnerProcess.Terminate);
        await Eventually.BecomesAsync(() => runner.Output.Last().StartsWith("stopping"), true);
        runner.Signal(RunnerProcess.Terminate);

        (await runner.ExitAsync()).ShouldBe(128 + RunnerProcess.Terminate);
        await GoneAsync(AzuriteOf(Data));
    }

    [Fact]
    public async Task Run_Killed_LosesNoSpentQuota()
    {
        string key;
        await using (var killed = await RunnerProcess.StartAsync(_folder.Path, null, "--data", Data))
        {
            key = killed.Said("apiKey");
            for (var i = 0; i < 10; i++)
            {
                using var answer = await killed.ChatAsync("demo/echo:free", "hello");
                answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            }

            killed.Signal(RunnerProcess.Kill);
            await killed.ExitAsync();
        }

        await using var runner = await RunnerProcess.StartAsync(_folder.Path, null, "--data", Data);
        runner.Said("apiKey").ShouldBe(key);
        using var refused = await runner.ChatAsync("demo/echo:free", "hello");
        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Parts_EachInAProcessOfItsOwn_AreShared()
    {
        await using var tables = await RunnerProcess.StartAsync(_folder.Path, null, "azurite", "--data", Data);
        await using var broker = await RunnerProcess.StartAsync(_folder.Path, null, "broker", "--data", Data);
        await using var upstream = await RunnerProcess.StartAsync(_folder.Path, null, "upstream");
        var settings = new Dictionary<string, string?>
        {
            ["AzureWebJobsStorage"] = tables.Said("connection"),
            ["ServiceBus"] = broker.Said("connection"),
            ["Freeway__Upstreams__loopback__BaseUrl"] = upstream.Said("connection"),
        };

        await using var one = await RunnerProcess.StartAsync(_folder.Path, settings, "--data", Data + "1");
        await using var other = await RunnerProcess.StartAsync(_folder.Path, settings, "--data", Data + "2", "--no-seed");

        other.Ready.GetProperty("apiKey").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        other.Ready.GetProperty("storage").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        other.Said("upstreamUrl").ShouldBe(upstream.Said("connection"));
        using var answer = await other.ChatAsync("demo/echo:free", "hello", key: one.Said("apiKey"));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        foreach (var part in new[] { other, one, upstream, broker, tables })
        {
            part.Signal(RunnerProcess.Terminate);
            (await part.ExitAsync()).ShouldBe(0);
        }
    }

    [Fact]
    public async Task Port_ThatIsTaken_EndsItWithOneLineThatNamesTheOption()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        await FailsAsync(
            $"freeway: Port {port} is taken by another process: choose another with --port.", null, "--data", Data, "--port", $"{port}");
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task Bind_ToEveryAddress_IsReachedAtAllOfThem(bool isBound, bool isReached)
    {
        string[] bind = isBound ? ["--bind", "0.0.0.0"] : [];
        await using var runner = await RunnerProcess.StartAsync(_folder.Path, null, ["--data", Data, .. bind]);

        new Uri(runner.Said("url")).IsLoopback.ShouldBeTrue();
        using var answer = await runner.ChatAsync("demo/echo:free", "hello");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await AcceptsAsync("127.0.0.2", new Uri(runner.Said("url")).Port)).ShouldBe(isReached);
    }

    [Fact]
    public Task Bind_ToAnAddressOfAnotherMachine_EndsItWithOneLine() => FailsAsync(
        "freeway: This machine cannot listen at 192.0.2.1: Cannot assign requested address.",
        null, "--data", Data, "--port", "0", "--bind", "192.0.2.1");

    [Fact]
    public async Task Bind_ToNoAddress_IsNamed()
    {
        await using var runner = RunnerProcess.Launch(_folder.Path, null, "--bind", "everywhere");

        (await runner.ExitAsync()).ShouldBe(1);
        runner.Errors.First().ShouldBe("--bind: everywhere is no IP address, give one like 0.0.0.0.");
    }

    [Theory]
    [InlineData("--port", "many")]
    [InlineData("--unknown", "option")]
    public async Task Option_ThatIsNone_IsNamed(string name, string value)
    {
        await using var runner = RunnerProcess.Launch(_folder.Path, null, name, value);

        (await runner.ExitAsync()).ShouldBe(1);
        runner.Errors.First().ShouldContain(value == "many" ? "many is no port" : "--unknown");
    }

    [Fact]
    public Task Catalogue_ThatIsMissing_IsNamed() => FailsAsync(
        "freeway: The settings cannot be used:", null, "--data", Data, "--port", "0", "--catalogue", "/nowhere/catalogue.json");

    [Fact]
    public Task Node_ThatIsMissing_IsSaidOnce() => FailsAsync(
        "freeway: node is not installed. Azurite needs Node.js 20 or later; without --azurite the tables are embedded and need nothing.",
        new Dictionary<string, string?> { ["PATH"] = "/nowhere" }, "--data", Data, "--port", "0", "--azurite");

    [Fact]
    public async Task Backup_OfARunningFreeway_IsAFileThatAnotherTakesUp()
    {
        var copy = Path.Combine(_folder.Path, "copy.db");
        await using var running = await RunnerProcess.StartAsync(_folder.Path, null, "--data", Data);
        using (var answer = await running.ChatAsync("demo/echo:free", "hello"))
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        (await RunnerProcess.RunAsync("backup", copy, "--data", Data)).ShouldBe((0, $"backup: {copy}"));
        (await RunnerProcess.RunAsync("backup", copy, "--data", Data))
            .ShouldBe((1, $"freeway: {copy} is there already: name a new file for the backup."));

        var other = Directory.CreateDirectory(Path.Combine(_folder.Path, "other", "tables")).FullName;
        File.Move(copy, Path.Combine(other, "tables.db"));
        File.Copy(Path.Combine(Data, "demo-key.json"), Path.Combine(_folder.Path, "other", "demo-key.json"));
        await using var restored = await RunnerProcess.StartAsync(_folder.Path, null, "--data", Path.Combine(_folder.Path, "other"), "--no-seed");
        using var served = await restored.ChatAsync("demo/echo:free", "hello", key: running.Said("apiKey"));
        served.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<bool> AcceptsAsync(string address, int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(address, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private async Task FailsAsync(string line, IReadOnlyDictionary<string, string?>? settings, params string[] arguments)
    {
        await using var runner = RunnerProcess.Launch(_folder.Path, settings, arguments);

        (await runner.ExitAsync()).ShouldBe(1);
        runner.Errors.First().ShouldBe(line);
    }

    private static int AzuriteOf(string data) =>
        int.Parse(File.ReadAllText(Path.Combine(data, "azurite", "azurite.pid")).Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);

    private static Task GoneAsync(int process) => Eventually.BecomesAsync(
        () => Process.GetProcesses().Any(running => running.Id == process), false);
}
