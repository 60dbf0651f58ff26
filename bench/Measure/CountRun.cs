using System.Globalization;
using Freeway.Adapters.Ledger;
using Freeway.Adapters.Tables;
using Freeway.Bench.Load;
using Freeway.Bench.Processes;
using Freeway.Gateway.Ledger;
using Freeway.Runner;
using Microsoft.Extensions.DependencyInjection;

namespace Freeway.Bench.Measure;

/// <summary>
/// Runs a Freeway in this process and counts what a request costs that no clock is needed for: calls to the ledger's
/// store, entities that it writes, and bytes that are allocated. These figures are the same on a busy machine.
/// </summary>
internal static class CountRun
{
    private static readonly (string Model, bool Stream, int Callers, int Requests)[] Loads =
    [
        ("bench/wide:free", false, 1, 500), ("bench/wide:free", false, 64, 10_000), ("bench/paid", false, 64, 10_000),
        ("bench/wide:free", true, 16, 5_000),
    ];

    public static async Task RunAsync(TextWriter output, TimeProvider clock)
    {
        var folder = Directory.CreateTempSubdirectory("freeway-count-").FullName;
        await using var upstream = await MeasuredProcess.StartAsync(
            "upstream", Path.Combine(folder, "upstream"), typeof(CountRun).Assembly.Location, ["upstream"]);
        CountingLedgerStore? store = null;
        await using (var host = await FreewayHost.StartAsync(new FreewayHostOptions
        {
            DataFolder = Path.Combine(folder, "freeway"),
            CataloguePath = Path.Combine(AppContext.BaseDirectory, "bench.catalogue.json"),
            Settings = new Dictionary<string, string?>
            {
                ["Freeway__Upstreams__loopback__BaseUrl"] = upstream.Text("url") + "/v1",
            },
            ConfigureServices = services => services.AddSingleton<ILedgerStore>(provider =>
                store = new CountingLedgerStore(new TableLedgerStore(provider.GetRequiredService<StorageAccount>()))),
        }))
        {
            await output.WriteLineAsync("| load | callers | ledger calls | of them reads | entity writes | kB allocated |");
            await output.WriteLineAsync("|---|---|---|---|---|---|");
            var direct = LoadRequest.Chat(upstream.Text("url") + "/v1", "echo", null, stream: false);
            await LoadRun.RunAsync(direct, 64, TimeSpan.MaxValue, clock, most: 1_000);
            var idle = GC.GetTotalAllocatedBytes();
            await LoadRun.RunAsync(direct, 64, TimeSpan.MaxValue, clock, most: 10_000);
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"| the load generator alone | 64 | | | | {(GC.GetTotalAllocatedBytes() - idle) / 10_000d / 1000:0.0} |"));
            var url = host.Url.ToString().TrimEnd('/') + "/api/v1";
            foreach (var (model, stream, callers, requests) in Loads)
            {
                var request = LoadRequest.Chat(url, model, host.ApiKey, stream);
                await LoadRun.RunAsync(request, callers, TimeSpan.MaxValue, clock, most: 1_000);
                var (before, bytes) = (store!.Calls, GC.GetTotalAllocatedBytes());
                await LoadRun.RunAsync(request, callers, TimeSpan.MaxValue, clock, most: requests);
                var (calls, allocated) = (store.Calls - before, GC.GetTotalAllocatedBytes() - bytes);
                await output.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {model}{(stream ? " stream" : "")} | {callers} | {Each(calls.Reads + calls.Transactions):0.000} | {Each(calls.Reads):0.000} | {Each(calls.Writes):0.00} | {Each(allocated) / 1000:0} |"));

                double Each(long sum) => (double)sum / requests;
            }
        }

        Directory.Delete(folder, recursive: true);
    }
}
