using System.Text.Json.Nodes;
using Freeway.Adapters.Tables;
using Freeway.Runner;
using Freeway.Runner.Hosting;
using Freeway.Runner.Hosting.Http;
using Freeway.Runner.Hosting.Settings;
using Freeway.Tests.Shared;
using Microsoft.Extensions.Logging;

namespace Freeway.FrontDoor.Tests.Support;

/// <summary>
/// A host with its worker, on tables and a broker of its own. Every test gives it the catalogue that it wants, with the
/// address of its own upstream: what a test does to an upstream's health is kept by that address.
/// </summary>
internal sealed class SharedWorker : IAsyncDisposable
{
    /// <summary>
    /// How many are kept beside each other. Most tests want the usual settings; a class that wants others wants them in
    /// most of its tests.
    /// </summary>
    private const int Most = 3;

    /// <summary>The one that was wanted last comes last.</summary>
    private static readonly List<(string Settings, SharedWorker Worker)> Kept = [];

    static SharedWorker() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        Task.WhenAll(Kept.Select(kept => kept.Worker.DisposeAsync().AsTask())).GetAwaiter().GetResult();

    private SharedWorker(FreewayHost host, TableNames names) => (Host, Names) = (host, names);

    public FreewayHost Host { get; }

    public TableNames Names { get; }

    /// <summary>The one with these settings. Tests run one after another.</summary>
    public static async Task<SharedWorker> OfAsync(WorkerSettings settings)
    {
        var key = string.Join('\n', settings.Process
            .OrderBy(setting => setting.Key, StringComparer.Ordinal).Select(setting => $"{setting.Key}={setting.Value}"));
        var index = Kept.FindIndex(kept => kept.Settings == key);
        if (index < 0)
        {
            if (Kept.Count >= Most)
            {
                // The usual one is never far from the end.
                await Kept[0].Worker.DisposeAsync();
                Kept.RemoveAt(0);
            }

            Kept.Add((key, await StartAsync(settings, null, RouteOrder.Name)));
            return Kept[^1].Worker;
        }

        var found = Kept[index];
        Kept.RemoveAt(index);
        Kept.Add(found);
        return found.Worker;
    }

    public static async Task<SharedWorker> StartAsync(WorkerSettings settings, HostFile? hostFile, RouteOrder routeOrder)
    {
        var names = TablesFixture.NewNames();
        var host = await FreewayHost.StartAsync(new FreewayHostOptions
        {
            Settings = new Dictionary<string, string?>(settings.Process)
            {
                ["AzureWebJobsStorage"] = await AzuriteProcess.ConnectionAsync(),
                ["Freeway:TablePrefix"] = names.Prefix,
            },
            Worker = AppContext.BaseDirectory,
            HostFile = hostFile,
            RouteOrder = routeOrder,
            RunUpstream = false,
            ConfigureLogging = logging => logging.SetMinimumLevel(LogLevel.Warning).AddSimpleConsole(line => line.SingleLine = true),
        });
        return new SharedWorker(host, names);
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}

/// <summary>A test's settings, as those of a process and those that a catalogue can say as well.</summary>
/// <param name="Process">Settings that only a process of its own can have.</param>
/// <param name="Catalogue">Whole, with the addresses of its upstreams.</param>
internal sealed record WorkerSettings(IReadOnlyDictionary<string, string?> Process, JsonObject Catalogue)
{
    private const string File = "Freeway:CataloguePath";
    private const string Upstreams = "Freeway:Upstreams:";
    private const string BaseUrl = ":BaseUrl";

    private static int _accounts;

    public static WorkerSettings Read(IReadOnlyDictionary<string, string?>? settings, string loopback)
    {
        var all = (settings ?? new Dictionary<string, string?>())
            .ToDictionary(setting => setting.Key.Replace("__", ":", StringComparison.Ordinal), setting => setting.Value);
        all.Remove(File, out var file);
        var catalogue = JsonNode.Parse(
            System.IO.File.ReadAllBytes(file ?? Path.Combine(AppContext.BaseDirectory, "catalogue.json")))!.AsObject();
        var upstreams = catalogue["upstreams"]!.AsObject();
        all.TryAdd(Upstreams + "loopback" + BaseUrl, loopback);
        foreach (var (name, url) in all.Where(setting => IsAddress(setting.Key)).ToList())
        {
            all.Remove(name);
            if (upstreams[name[Upstreams.Length..^BaseUrl.Length]] is JsonObject upstream)
            {
                upstream["base_url"] = url is TestGateway.LoopbackAddress ? loopback : url;
            }
        }

        foreach (var limited in upstreams.Select(upstream => upstream.Value).OfType<JsonObject>()
            .Where(upstream => upstream["limits"] is JsonArray { Count: > 0 } && upstream["account"] is null))
        {
            // Else it would go on counting where a test before it ended.
            limited["account"] = FormattableString.Invariant($"test-{Interlocked.Increment(ref _accounts)}");
        }

        return new WorkerSettings(all, catalogue);
    }

    private static bool IsAddress(string name) =>
        name.StartsWith(Upstreams, StringComparison.Ordinal) && name.EndsWith(BaseUrl, StringComparison.Ordinal);
}
