using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Processes.Tests.Support;
using Xunit.Abstractions;

namespace Freeway.Processes.Tests;

/// <summary>The command that brings everything up in one process: how it starts, how it ends, and what stays.</summary>
public sealed class WholeRunTests(ITestOutputHelper output) : IDisposable
{
    private const string Slug = "demo/echo:free";

    /// <summary>Over whatever a developer's <c>local.settings.json</c> says: everything is started here.</summary>
    private static readonly Dictionary<string, string> Nothing = new()
    {
        ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true",
        ["ServiceBus"] = "",
        ["Freeway__Upstreams__loopback__BaseUrl"] = "",
        ["Freeway__AdminKeyHash"] = "",
        ["Freeway__TablePrefix"] = "",
        ["SARVAM_API_KEY"] = "",
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("freeway-whole-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Interrupt_WithAStreamUnderWay_FinishesItAndStopsEverything()
    {
        string key;
        await using (var run = await Instance.StartAsync(_folder, Nothing, "--azurite"))
        {
            key = run.ApiKey!;
            CheckReady(run);
            var children = run.Process.Children;
            children.Count.ShouldBe(1, "Azurite is the one child");
            using var response = await run.BeginAsync(key, Slug, stream: true, "/script chunks=20 delay_ms=100 word");

            var stopped = Stopwatch.GetTimestamp();
            run.Process.Interrupt();
            // A terminal's Ctrl-C reaches the children too.
            Signals.Send(children[0], Signals.Interrupt);

            await Eventually.TrueAsync(() => Task.FromResult(run.Process.Output.Contains("stopping", StringComparison.Ordinal)));
            await Eventually.TrueAsync(async () => await IsRefusedAsync(run.Url));
            var answer = await Instance.FinishAsync(response);
            answer.Whole.ShouldBeTrue();
            answer.Body.ShouldEndWith("data: [DONE]\n\n");
            (await run.Process.ExitAsync()).ShouldBe(0, run.Process.Errors);
            var took = Stopwatch.GetElapsedTime(stopped);
            output.WriteLine($"a stream of two seconds and the stop took {took.TotalSeconds:0.0} s. {run.Process.Errors}");
            took.ShouldBeLessThan(TimeSpan.FromSeconds(30));
            children.ShouldAllBe(child => !IsAlive(child));
            run.Process.Output.ShouldEndWith("stopped");
            run.Process.Errors.ShouldBeEmpty();
        }

        await using var next = await Instance.StartAsync(_folder, Nothing, "--azurite");
        next.ApiKey.ShouldBe(key);
        (await next.RemainingAsync(key, Slug)).ShouldBe(9);
        (await Eventually.GetAsync(() => next.ActivityAsync(key), records => records.Count is 1))[0]
            .GetProperty("status").GetInt32().ShouldBe(200);
    }

    [Theory]
    [InlineData()]
    [InlineData("--azurite")]
    public async Task Kill_OfTheWhole_TakesAzuriteWithItAndKeepsWhatIsSettled(params string[] tables)
    {
        string key;
        Answer settled;
        await using (var run = await Instance.StartAsync(_folder, Nothing, tables))
        {
            key = run.ApiKey!;
            settled = await run.AskAsync(key, Slug);
            await Eventually.GetAsync(() => run.ActivityAsync(key), records => records.Count is 1);
            var children = run.Process.Children;
            children.Count.ShouldBe(tables.Length, "Azurite is the one child, and embedded tables have none");

            await run.Process.KillAsync();

            await Eventually.TrueAsync(() => Task.FromResult(!children.Any(IsAlive)));
        }

        await using var next = await Instance.StartAsync(_folder, Nothing, tables);
        next.ApiKey.ShouldBe(key);
        (await next.RemainingAsync(key, Slug)).ShouldBe(9);
        (await next.ActivityAsync(key)).ShouldHaveSingleItem().GetProperty("id").GetString().ShouldBe(settled.Id);
        (await next.AskAsync(key, Slug)).Status.ShouldBe(200);
        next.Process.Errors.ShouldBeEmpty();
    }

    /// <summary>What was acknowledged is in the file of the embedded tables at once, whatever was under way beside it.</summary>
    [Fact]
    public async Task Kill_WhileWritesAreAcknowledged_LosesNone()
    {
        var settings = new Dictionary<string, string>(Nothing) { ["Freeway__AdminKeyHash"] = Deployment.AdminKeyHash };
        var acknowledged = new System.Collections.Concurrent.ConcurrentBag<string>();
        await using (var run = await Instance.StartAsync(_folder, settings))
        {
            var writers = Enumerable.Range(0, 8).Select(async writer =>
            {
                for (var number = 0; ; number++)
                {
                    var org = $"org-{writer}-{number}";
                    try
                    {
                        await run.AdministerAsync("POST", "orgs", $$"""{"id":"{{org}}","name":"{{org}}"}""");
                    }
                    catch (Exception broken) when (broken is HttpRequestException or IOException)
                    {
                        return;
                    }

                    acknowledged.Add(org);
                }
            }).ToList();
            await Eventually.TrueAsync(() => Task.FromResult(acknowledged.Count >= 80));

            await run.Process.KillAsync();

            await Task.WhenAll(writers);
        }

        await using var next = await Instance.StartAsync(_folder, settings);
        var there = (await next.AdministerAsync("GET", "orgs?limit=1000")).GetProperty("data").EnumerateArray()
            .Select(org => org.GetProperty("id").GetString()!).ToList();
        output.WriteLine($"{acknowledged.Count} acknowledged, {there.Count} there");
        acknowledged.Except(there).ShouldBeEmpty();
        there.Except(acknowledged).Count().ShouldBeLessThanOrEqualTo(8 + 1, "one under way per writer, and the demo org");
        next.Process.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Interrupt_IgnoredByTheShellThatStartedIt_StaysIgnoredAndTerminateStops()
    {
        await using var run = RunnerProcess.StartInBackground(Path.Combine(_folder, "ready.json"), Nothing, "upstream", "--port", "0");
        var url = (await run.ReadyAsync()).GetProperty("connection").GetString()!;
        using var http = new HttpClient(new SocketsHttpHandler(), disposeHandler: true);

        run.Interrupt();
        using var answer = await http.GetAsync($"{url}/models");
        run.Terminate();

        answer.IsSuccessStatusCode.ShouldBeTrue();
        // A second signal ends it at once, with 143: the interrupt was none.
        (await run.ExitAsync()).ShouldBe(0, run.Errors);
        run.Output.ShouldEndWith("stopped");
    }

    [Fact]
    public async Task Port_ThatIsTaken_IsOneClearLine()
    {
        using var taken = new TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var port = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        var ready = Path.Combine(_folder, "ready.json");
        await using var run = RunnerProcess.Start(ready, Nothing, "--port", port, "--data", Path.Combine(_folder, "data"));

        (await run.ExitAsync()).ShouldBe(1);

        run.Errors.ShouldBe($"freeway: Port {port} is taken by another process: choose another with --port.");
        run.Output.ShouldBeEmpty();
        File.Exists(ready).ShouldBeFalse();
    }

    private static void CheckReady(Instance run)
    {
        run.Ready.EnumerateObject().Select(property => property.Name)
            .ShouldBe(["url", "apiKey", "adminKey", "upstreamUrl", "pid", "storage", "serviceBus"]);
        run.Ready.GetProperty("pid").GetInt32().ShouldBe(run.Process.Id);
        run.Ready.GetProperty("apiKey").GetString()!.ShouldStartWith("fwk_");
        run.Ready.GetProperty("adminKey").GetString()!.ShouldStartWith("fwm_");
        run.Url.IsLoopback.ShouldBeTrue();
        new Uri(run.Ready.GetProperty("upstreamUrl").GetString()!).AbsolutePath.ShouldBe("/v1");
        run.Ready.GetProperty("storage").GetString()!.ShouldContain("TableEndpoint=http://127.0.0.1:");
        run.Ready.GetProperty("serviceBus").GetString()!.ShouldContain("UseDevelopmentEmulator=true");
        run.Process.Output.ShouldContain(run.ApiKey!);
    }

    private static async Task<bool> IsRefusedAsync(Uri url)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(url.Host, url.Port);
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    private static bool IsAlive(int process) => Directory.Exists($"/proc/{process}");
}
