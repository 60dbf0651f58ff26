using Freeway.Bench.Load;
using Freeway.Bench.Processes;

namespace Freeway.Bench.Targets;

/// <summary>
/// Runs everything that is measured, each in a process of its own: the upstream, YARP, the broker, Azurite where the
/// tables are in it, and Freeway.
/// </summary>
internal sealed class BenchTargets : IAsyncDisposable
{
    private readonly List<MeasuredProcess> _started = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("freeway-bench-").FullName;

    private BenchTargets()
    {
    }

    /// <summary>The folder of what <c>./run</c> starts.</summary>
    private static string RunnerBuild =>
        Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../runner/bin/Release/net10.0"));

    /// <summary>The folder in which Freeway keeps its tables.</summary>
    public string FreewayFolder => Folder("freeway");

    public MeasuredProcess Upstream { get; private set; } = null!;

    public MeasuredProcess Yarp { get; private set; } = null!;

    public MeasuredProcess Freeway { get; private set; } = null!;

    /// <summary>Gets the time from the start of Freeway's process to its first answer with <c>:free</c>.</summary>
    public TimeSpan StartToFirstAnswer { get; private set; }

    /// <summary>Gets Freeway's memory after its first answer, in MB.</summary>
    public double IdleMegabytes { get; private set; }

    /// <summary>Gets what Freeway needs beside itself, and what is ours and not Azure's in a local run.</summary>
    public IReadOnlyList<MeasuredProcess> Stores { get; private set; } = [];

    /// <param name="build">The folder of another build of Freeway; null for the one that the bench was built with.</param>
    /// <param name="worker">Whether Freeway runs in the real worker, with the runner as its host.</param>
    /// <param name="prepare">What is done with Freeway's folder before it is started.</param>
    public static async Task<BenchTargets> StartAsync(
        bool azurite, TimeProvider clock, string? build = null, bool worker = false, Func<string, Task>? prepare = null)
    {
        var targets = new BenchTargets();
        try
        {
            if (prepare is not null)
            {
                await prepare(targets.FreewayFolder);
            }

            await targets.StartAllAsync(azurite, build ?? RunnerBuild, worker, clock);
            return targets;
        }
        catch
        {
            await targets.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes the request of a load on one of these.</summary>
    public LoadRequest Request(Target target, bool stream) => target switch
    {
        Target.Direct => LoadRequest.Chat(Upstream.Text("url") + "/v1", "echo", null, stream),
        Target.Yarp => LoadRequest.Chat(Yarp.Text("url") + "/v1", "echo", null, stream),
        Target.Free => Gateway("bench/wide:free", stream),
        Target.Paid => Gateway("bench/paid", stream),
        Target.Refused => Gateway("bench/narrow:free", stream, status: 429),
        _ => throw new ArgumentOutOfRangeException(nameof(target)),
    };

    /// <summary>Names the process whose use of the processor is a target's own.</summary>
    public MeasuredProcess Process(Target target) => target switch
    {
        Target.Direct => Upstream,
        Target.Yarp => Yarp,
        Target.Free or Target.Paid or Target.Refused => Freeway,
        _ => throw new ArgumentOutOfRangeException(nameof(target)),
    };

    public async ValueTask DisposeAsync()
    {
        foreach (var process in Enumerable.Reverse(_started))
        {
            await process.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartAllAsync(bool azurite, string build, bool worker, TimeProvider clock)
    {
        var bench = typeof(BenchTargets).Assembly.Location;
        var runner = Path.Combine(build, "Freeway.Runner.dll");
        Upstream = await StartAsync("upstream", bench, ["upstream"]);
        var upstream = Upstream.Text("url");
        Yarp = await StartAsync("YARP", bench, ["yarp", "--upstream", upstream]);
        var broker = await StartAsync("broker", runner, ["broker", "--port", "0", "--data", Folder("broker")]);
        Stores = [broker];
        List<(string, string)> settings =
        [
            ("Freeway__Upstreams__loopback__BaseUrl", upstream + "/v1"), ("ServiceBus", broker.Text("connection")),
        ];
        if (azurite)
        {
            var tables = await StartAsync("Azurite", runner, ["azurite", "--port", "0", "--data", Folder("azurite")]);
            Stores = [broker, tables];
            settings.Add(("AzureWebJobsStorage", tables.Text("connection")));
        }

        var catalogue = Path.Combine(AppContext.BaseDirectory, "bench.catalogue.json");
        var began = clock.GetTimestamp();
        Freeway = await StartAsync(
            "Freeway", runner,
            ["--port", "0", "--data", FreewayFolder, "--catalogue", catalogue, .. worker ? ["--worker"] : Array.Empty<string>()],
            [.. settings]);
        await LoadRun.RunAsync(Request(Target.Free, stream: false), 1, TimeSpan.MaxValue, clock, most: 1);
        StartToFirstAnswer = clock.GetElapsedTime(began);
        IdleMegabytes = Freeway.Usage.ResidentMegabytes;
        await LoadRun.RunAsync(Gateway("bench/narrow:free", stream: false), 1, TimeSpan.MaxValue, clock, most: 1);
    }

    private LoadRequest Gateway(string model, bool stream, int status = 200) => LoadRequest.Chat(
        Freeway.Text("url").TrimEnd('/') + "/api/v1", model, Freeway.Text("apiKey"), stream, status);

    private string Folder(string name) => Path.Combine(_folder, name, "data");

    private async Task<MeasuredProcess> StartAsync(
        string name, string assembly, string[] arguments, params (string Name, string Value)[] settings)
    {
        var process = await MeasuredProcess.StartAsync(
            name, Path.Combine(_folder, name), assembly, arguments, settings);
        _started.Add(process);
        return process;
    }
}

/// <summary>What answers the requests of a load.</summary>
internal enum Target
{
    /// <summary>The upstream, with nothing before it.</summary>
    Direct,

    /// <summary>YARP before the upstream.</summary>
    Yarp,

    /// <summary>Freeway, which admits each request from a free quota.</summary>
    Free,

    /// <summary>Freeway, which charges each request to an account.</summary>
    Paid,

    /// <summary>Freeway, which refuses each request because the quota is spent.</summary>
    Refused,
}
