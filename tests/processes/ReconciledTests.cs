using System.Text.Json;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Processes.Tests.Support;
using Xunit.Abstractions;

namespace Freeway.Processes.Tests;

/// <summary>After a mixed load over which a process was killed and the tables were gone for a while, the books agree to the last figure. <c>FREEWAY_LONG=1</c> makes the load long.</summary>
public sealed class ReconciledTests(ITestOutputHelper output)
{
    private static readonly bool Long = Environment.GetEnvironmentVariable("FREEWAY_LONG") is "1";

    private static readonly (string, string)[] Quick =
        [("Freeway__Ledger__HeartbeatEvery", "00:00:01"), ("Freeway__Ledger__StaleAfter", "00:00:03"), ("Freeway__Ledger__LandsWithin", "00:00:03")];

    private static readonly (string Model, bool Stream)[] Mix =
        [("demo/paid", false), ("demo/echo:free", true), ("demo/paid", true), ("demo/echo:free", false), ("demo/nobody", false), ("demo/echo:flex", false)];

    [Fact]
    public async Task Books_AfterAKillAndAnOutageUnderLoad_ShowNoDrift()
    {
        await using var deployment = await Deployment.StartAsync(output, tablesApart: true);
        var instances = await deployment.StartInstancesAsync(3, Quick);
        var (doomed, other, key) = (instances[0], instances[1], instances[0].ApiKey!);
        var requests = Long ? 400 : 25;
        var answered = 0;
        var callers = Enumerable.Range(0, 12).Select(async caller =>
        {
            for (var request = 0; request < requests; request++)
            {
                var (model, stream) = Mix[(caller + request) % Mix.Length];
                await instances[caller % 3].AskAsync(key, model, stream, "/script chunks=3 delay_ms=5 one two three");
                Interlocked.Increment(ref answered);
            }
        }).ToList();

        await Eventually.TrueAsync(() => Task.FromResult(Volatile.Read(ref answered) >= 40));
        await doomed.Process.KillAsync();
        await Eventually.TrueAsync(() => Task.FromResult(Volatile.Read(ref answered) >= 120));
        await deployment.Tables.StopAsync();
        await deployment.Tables.StartAsync();
        await Task.WhenAll(callers);
        await Eventually.GetAsync(
            async () =>
            {
                await other.RunTimerAsync("LedgerRecovery");
                var heartbeats = (await deployment.InstancesAsync()).Where(row => row.PartitionKey == "heartbeat");
                var requests = await deployment.LedgerAsync("request|");
                return (Living: heartbeats.Select(row => row.RowKey).ToList(), Left: requests.Select(row => row.RowKey).ToList());
            },
            seen => seen.Living.Count is 2 && seen.Left.Count is 0,
            seen => $"living {string.Join(", ", seen.Living)}; left {string.Join(", ", seen.Left)}");
        await deployment.SettledAsync();
        var report = await Eventually.GetAsync(
            () => other.GetAsync(other.AdminKey, "api/v1/admin/reconciliations?days=40"),
            seen => seen.GetProperty("in_flight").GetInt32() + seen.GetProperty("busy").GetInt32() is 0);

        output.WriteLine(report.GetRawText());
        report.GetProperty("drift").GetInt32().ShouldBe(0, report.GetRawText());
        report.GetProperty("checked").GetInt32().ShouldBeGreaterThanOrEqualTo(5);
        var usage = (await other.GetAsync(key, "api/v1/usage")).GetProperty("data").EnumerateArray().ToList();
        var credits = await other.GetAsync(key, "api/v1/credits");
        usage.Sum(line => Usd(line.GetProperty("paid"), "cost_usd")).ShouldBe(Usd(credits, "spent_usd"));
        Usd(credits, "spent_usd").ShouldBeGreaterThan(0);
        usage.Sum(line => line.GetProperty("refused").GetProperty("count").GetInt64()).ShouldBeGreaterThan(0);
    }

    private static decimal Usd(JsonElement json, string name) =>
        decimal.Parse(json.GetProperty(name).GetString()!, System.Globalization.CultureInfo.InvariantCulture);
}
