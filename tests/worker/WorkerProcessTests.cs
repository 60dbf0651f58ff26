using System.Net;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Processes.Tests.Support;
using Freeway.Runner.Hosting;
using Freeway.Runner.Hosting.Settings;
using Freeway.Runner.Loopback;
using Freeway.Tests.Shared;

namespace Freeway.Worker.Tests;

/// <summary>The worker's process is killed, frozen, told to drain, or left alone by a host that died.</summary>
public sealed class WorkerProcessTests
{
    private const string Slug = "demo/echo:free";
    private const int Stop = 19;
    private const int Continue = 18;
    private const int Kill = 9;

    [Fact]
    public async Task Worker_KilledInMidStream_BreaksTheAnswerAndTheNextRequestIsServedByAnother()
    {
        var gate = new LoopbackGate();
        await using var gateway = await TestGateway.StartAsync(
            _ => new LoopbackScript { Gate = gate, HoldAfter = 1, Text = "one two three" });
        var killed = await gateway.Host.FunctionsProcessIdAsync();
        using var response = await gateway.ChatAsync(Slug, stream: true);
        await gate.ArrivalAsync();

        Signals.Send(killed, Kill);
        await Should.ThrowAsync<HttpRequestException>(response.Content.ReadAsStringAsync());
        gate.Open();
        await Eventually.TrueAsync(() => Task.FromResult(!IsAlive(killed)));

        using var next = await gateway.ChatAsync(Slug);
        next.StatusCode.ShouldBe(HttpStatusCode.OK);
        next.Header("X-RateLimit-Remaining").ShouldBe("8", "the broken one counts, as nobody knows what it took");
        (await gateway.Host.FunctionsProcessIdAsync()).ShouldNotBe(killed);
    }

    [Fact]
    public async Task Worker_KilledOverAndOver_IsStartedAgainEachTime()
    {
        await using var gateway = await TestGateway.StartAsync(_ => null);
        var seen = new HashSet<int>();
        for (var time = 0; time < 3; time++)
        {
            var process = await gateway.Host.FunctionsProcessIdAsync();
            seen.Add(process).ShouldBeTrue("each is a process of its own");
            Signals.Send(process, Kill);
            await Eventually.TrueAsync(async () => await gateway.Host.FunctionsProcessIdAsync() != process);
        }

        using var response = await gateway.ChatAsync(Slug);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Worker_FrozenForAWhile_AnswersWhenItThaws()
    {
        await using var gateway = await TestGateway.StartAsync(_ => null);
        var process = await gateway.Host.FunctionsProcessIdAsync();
        Signals.Send(process, Stop);

        var asked = gateway.ChatAsync(Slug);
        await Eventually.TrueAsync(() => Task.FromResult(IsStopped(process)));
        Signals.Send(process, Continue);

        using var response = await asked;
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await gateway.Host.FunctionsProcessIdAsync()).ShouldBe(process);
    }

    /// <summary>
    /// As on Azure, the longest time of one function ends the process, for a frozen one as for a busy one.
    /// </summary>
    [Fact]
    public async Task Worker_FrozenForLongerThanAFunctionMayTake_IsReplaced()
    {
        await using var gateway = await TestGateway.StartAsync(
            _ => null, hostFile: new HostFile { RoutePrefix = "", FunctionTimeout = TimeSpan.FromSeconds(5) });
        var process = await gateway.Host.FunctionsProcessIdAsync();
        Signals.Send(process, Stop);

        using (var lost = await PlainAsync(gateway, "health/live"))
        {
            lost.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        }

        using var response = await gateway.ChatAsync(Slug);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await gateway.Host.FunctionsProcessIdAsync()).ShouldNotBe(process);
    }

    [Fact]
    public async Task Host_ToldToStop_LetsARequestFinishAndRecordsIt()
    {
        var gate = new LoopbackGate();
        await using var gateway = await TestGateway.StartAsync(
            _ => new LoopbackScript { Gate = gate, HoldAfter = 1, Text = "one two three" }, alone: true);
        var process = await gateway.Host.FunctionsProcessIdAsync();
        using var response = await gateway.ChatAsync(Slug, stream: true);
        await gate.ArrivalAsync();

        var stopping = gateway.Host.StopAsync();
        await Eventually.TrueAsync(() => IsRefusedAsync(gateway));
        IsAlive(process).ShouldBeTrue("it still has a request");
        gate.Open();
        var text = await response.Content.ReadAsStringAsync();
        await stopping;

        text.ShouldEndWith("data: [DONE]\n\n");
        IsAlive(process).ShouldBeFalse();
        // The ledger keeps a record until the queue has it.
        var rows = await gateway.LedgerAsync("request|");
        rows.ShouldBeEmpty();
    }

    [Fact]
    public async Task Host_Killed_TakesItsWorkerWithIt()
    {
        var folder = Directory.CreateTempSubdirectory("freeway-worker-");
        try
        {
            await using var run = RunnerProcess.Start(
                Path.Combine(folder.FullName, "ready.json"),
                new Dictionary<string, string> { ["AzureWebJobsStorage"] = await AzuriteProcess.ConnectionAsync() },
                "--worker", "--port", "0", "--data", Path.Combine(folder.FullName, "data"));
            await run.ReadyAsync();
            var worker = run.Children.ShouldHaveSingleItem();

            await run.KillAsync();

            await Eventually.TrueAsync(() => Task.FromResult(!IsAlive(worker)));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Folder_WithoutAnApp_IsOneClearLine()
    {
        var folder = Directory.CreateTempSubdirectory("freeway-worker-");
        try
        {
            await using var run = RunnerProcess.Start(
                Path.Combine(folder.FullName, "ready.json"),
                new Dictionary<string, string> { ["AzureWebJobsStorage"] = await AzuriteProcess.ConnectionAsync() },
                "--worker", folder.FullName, "--port", "0", "--data", Path.Combine(folder.FullName, "data"));

            (await run.ExitAsync()).ShouldBe(1);

            run.Errors.ShouldStartWith($"freeway: {folder.FullName} holds no functions app for the isolated worker");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Settings_ThatTheWorkerRefuses_AreToldByTheHost()
    {
        var folder = Directory.CreateTempSubdirectory("freeway-worker-");
        try
        {
            await using var run = RunnerProcess.Start(
                Path.Combine(folder.FullName, "ready.json"),
                new Dictionary<string, string>
                {
                    ["AzureWebJobsStorage"] = await AzuriteProcess.ConnectionAsync(),
                    ["Freeway__MaxRequestBytes"] = "1",
                },
                "--worker", "--port", "0", "--data", Path.Combine(folder.FullName, "data"));

            (await run.ExitAsync()).ShouldBe(1);

            run.Errors.ShouldContain("Freeway__MaxRequestBytes");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<HttpResponseMessage> PlainAsync(TestGateway gateway, string path)
    {
        using var plain = new HttpMessageInvoker(new SocketsHttpHandler());
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.Host.Url, path));
        return await plain.SendAsync(request, CancellationToken.None);
    }

    private static async Task<bool> IsRefusedAsync(TestGateway gateway)
    {
        try
        {
            using var response = await PlainAsync(gateway, "health/live");
            return false;
        }
        catch (HttpRequestException)
        {
            return true;
        }
    }

    private static bool IsAlive(int process) => Directory.Exists($"/proc/{process}");

    private static bool IsStopped(int process)
    {
        var stat = File.ReadAllText($"/proc/{process}/stat");
        return stat[stat.LastIndexOf(')') + 2] is 'T';
    }
}
