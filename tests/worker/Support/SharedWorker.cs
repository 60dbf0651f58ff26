using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Freeway.Adapters.Tables;
using Freeway.Runner;
using Freeway.Runner.Hosting;
using Freeway.Runner.Hosting.Http;
using Freeway.Tests.Shared;
using Microsoft.Extensions.Logging;

namespace Freeway.FrontDoor.Tests.Support;

/// <summary>A host with its worker, on tables and a broker of its own, whose upstream each test brings.</summary>
internal sealed class SharedWorker : IAsyncDisposable
{
    private const string UpstreamUrl = "Freeway:Upstreams:loopback:BaseUrl";

    private static readonly Dictionary<string, SharedWorker> OfFile = [];
    private static string _file = "";

    static SharedWorker() => AppDomain.CurrentDomain.ProcessExit += (_, _) => EndAllAsync().GetAwaiter().GetResult();

    private SharedWorker(FreewayHost host, TableNames names, int upstreamPort) =>
        (Host, Names, UpstreamPort) = (host, names, upstreamPort);

    public FreewayHost Host { get; }

    public TableNames Names { get; }

    /// <summary>Where the functions look for the upstream.</summary>
    public int UpstreamPort { get; }

    /// <summary>
    /// The one that tests of a file share; those of the file before end. Tests run one after another.
    /// </summary>
    public static async Task<SharedWorker> OfAsync(string file, IReadOnlyDictionary<string, string?>? settings)
    {
        if (_file != file)
        {
            await EndAllAsync();
            _file = file;
        }

        var key = string.Join('\n', (settings ?? new Dictionary<string, string?>())
            .OrderBy(setting => setting.Key, StringComparer.Ordinal).Select(setting => $"{setting.Key}={setting.Value}"));
        if (!OfFile.TryGetValue(key, out var worker))
        {
            worker = OfFile[key] = await StartAsync(settings, null, RouteOrder.Name);
        }

        return worker;
    }

    public static async Task<SharedWorker> StartAsync(
        IReadOnlyDictionary<string, string?>? settings, HostFile? hostFile, RouteOrder routeOrder)
    {
        var (names, port) = (TablesFixture.NewNames(), FreePort());
        var upstream = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/v1");
        var all = new Dictionary<string, string?>
        {
            ["AzureWebJobsStorage"] = await AzuriteProcess.ConnectionAsync(),
            ["Freeway:TablePrefix"] = names.Prefix,
            [UpstreamUrl] = upstream,
        };
        foreach (var (name, value) in settings ?? new Dictionary<string, string?>())
        {
            all[name] = value is TestGateway.LoopbackAddress ? upstream : value;
        }

        var host = await FreewayHost.StartAsync(new FreewayHostOptions
        {
            Settings = all,
            Worker = AppContext.BaseDirectory,
            HostFile = hostFile,
            RouteOrder = routeOrder,
            ConfigureLogging = logging => logging.SetMinimumLevel(LogLevel.Warning).AddSimpleConsole(line => line.SingleLine = true),
        });
        return new SharedWorker(host, names, port);
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    private static async Task EndAllAsync()
    {
        foreach (var worker in OfFile.Values)
        {
            await worker.DisposeAsync();
        }

        OfFile.Clear();
    }

    /// <summary>A port that the upstreams of all tests take, one after the other.</summary>
    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
