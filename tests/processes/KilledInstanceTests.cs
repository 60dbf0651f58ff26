using System.Text.Json;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Processes.Tests.Support;
using Freeway.Runner.Loopback;
using Xunit.Abstractions;

namespace Freeway.Processes.Tests;

/// <summary>One of two instances is killed at its work: the other books and records what it had admitted, and nothing else.</summary>
public sealed class KilledInstanceTests(ITestOutputHelper output)
{
    private const string Slug = "demo/echo:free";

    /// <summary>An instance is taken for dead after three seconds instead of ninety.</summary>
    private static readonly (string, string)[] Quick =
        [("Freeway__Ledger__HeartbeatEvery", "00:00:01"), ("Freeway__Ledger__StaleAfter", "00:00:03"), ("Freeway__Ledger__LandsWithin", "00:00:03")];

    [Fact]
    public async Task Instance_KilledInMidStream_LosesNoRecordAndHoldsNothing()
    {
        var gate = new LoopbackGate();
        await using var upstream = await LoopbackUpstream.StartAsync(
            new LoopbackOptions { Script = request => Held(request, gate) }, TimeProvider.System);
        await using var deployment = await Deployment.StartAsync(output, upstream.BaseUrl);
        var instances = await deployment.StartInstancesAsync(2, Quick);
        var (doomed, other, key) = (instances[0], instances[1], instances[0].ApiKey!);

        var finished = await Task.WhenAll(doomed.AskAsync(key, Slug), doomed.AskAsync(key, Slug, stream: true));
        var lost = await OpenAsync(doomed, key, gate, count: 5);
        var dead = (await deployment.InstancesAsync()).Where(row => row.PartitionKey == "heartbeat").ShouldHaveSingleItem().RowKey;
        var kept = await OpenAsync(other, key, gate, count: 2);
        await doomed.Process.KillAsync();

        (await Task.WhenAll(lost.Select(Instance.FinishAsync))).ShouldAllBe(answer => !answer.Whole);
        await RecoveredAsync(deployment, other, dead);
        var midway = await deployment.LedgerAsync("request|");
        midway.Count.ShouldBe(kept.Count, "the living instance's open requests are its own");
        gate.Open();
        var completed = await Task.WhenAll(kept.Select(Instance.FinishAsync));
        completed.ShouldAllBe(answer => answer.Whole && answer.Body.EndsWith("data: [DONE]\n\n"));
        var tenth = await other.AskAsync(key, Slug);
        tenth.Status.ShouldBe(200);
        (await other.AskAsync(key, Slug)).Status.ShouldBe(429);

        await deployment.SettledAsync();
        (await deployment.QuotaAsync("demo")).ShouldBe((10, 0));
        var records = await other.ActivityAsync(key);
        Ids(records).ShouldBe(Sorted([.. finished.Select(answer => answer.Id), .. lost.Select(IdOf), .. completed.Select(answer => answer.Id), tenth.Id]));
        var aborted = records.Where(record => record.GetProperty("status").GetInt32() is 500).ToList();
        Ids(aborted).ShouldBe(Sorted(lost.Select(IdOf)));
        aborted.ShouldAllBe(record => record.GetProperty("error_code").GetString() == "aborted" && record.GetProperty("estimated").GetBoolean());
    }

    [Fact]
    public async Task Instance_KilledUnderLoad_RecordsEverythingItAdmittedOnce()
    {
        await using var deployment = await Deployment.StartAsync(output);
        var instances = await deployment.StartInstancesAsync(2, Quick);
        var (doomed, other, key) = (instances[0], instances[1], instances[0].ApiKey!);

        var answered = 0;
        var callers = Enumerable.Range(0, 12).Select(async caller =>
        {
            var answers = new List<Answer>();
            do
            {
                answers.Add(await doomed.AskAsync(key, "demo/paid", stream: caller % 2 is 0, "/script chunks=3 delay_ms=5 one two three"));
                Interlocked.Increment(ref answered);
            }
            while (answers[^1].Whole);
            return answers;
        }).ToList();
        await Eventually.TrueAsync(() => Task.FromResult(Volatile.Read(ref answered) >= 60));
        var dead = (await deployment.InstancesAsync()).Where(row => row.PartitionKey == "heartbeat").ShouldHaveSingleItem().RowKey;
        await doomed.Process.KillAsync();
        var seen = (await Task.WhenAll(callers)).SelectMany(answers => answers).Where(answer => answer.Status is 200).ToList();

        await RecoveredAsync(deployment, other, dead);
        await deployment.SettledAsync();
        var records = await other.ActivityAsync(key);
        output.WriteLine($"{seen.Count} answers seen, {seen.Count(answer => answer.Whole)} of them whole; {records.Count} records");
        Ids(records).ShouldBeUnique();
        // Some were admitted of which the caller saw nothing, at most one per caller.
        Ids(records).Intersect(seen.Select(answer => answer.Id)).Count().ShouldBe(seen.Count);
        records.Count.ShouldBeInRange(seen.Count, seen.Count + callers.Count);
        records.ShouldAllBe(record => record.GetProperty("status").GetInt32() == 200 || record.GetProperty("error_code").GetString() == "aborted");

        // The account lost what the records say, to the nano-dollar, and holds nothing for the dead.
        records.Where(record => record.GetProperty("status").GetInt32() is 500).ShouldAllBe(record => Usd(record, "cost_usd") == 0);
        var credits = await other.GetAsync(key, "api/v1/credits");
        (Usd(credits, "held_usd"), Usd(credits, "spent_usd")).ShouldBe((0, records.Sum(record => Usd(record, "cost_usd"))));
        Usd(credits, "spent_usd").ShouldBeGreaterThan(0);
        Usd(credits, "left_usd").ShouldBe(5 - Usd(credits, "spent_usd"));
    }

    [Fact]
    public async Task Instance_KilledWithARequestThatIsSentAgain_NeverRunsItTwice()
    {
        const string Once = "order-66";
        var gate = new LoopbackGate();
        await using var upstream = await LoopbackUpstream.StartAsync(
            new LoopbackOptions { Script = request => Held(request, gate) }, TimeProvider.System);
        await using var deployment = await Deployment.StartAsync(output, upstream.BaseUrl);
        var instances = await deployment.StartInstancesAsync(2, Quick);
        var (doomed, other, key) = (instances[0], instances[1], instances[0].ApiKey!);
        var lost = doomed.AskAsync(key, "demo/paid", text: "held", once: Once);
        await gate.ArrivalAsync();

        (await other.AskAsync(key, "demo/paid", text: "held", once: Once)).ErrorCode.ShouldBe("request_in_progress");
        var dead = (await deployment.InstancesAsync()).Where(row => row.PartitionKey == "heartbeat").ShouldHaveSingleItem().RowKey;
        await doomed.Process.KillAsync();
        (await lost).Whole.ShouldBeFalse();
        await RecoveredAsync(deployment, other, dead);
        var repeats = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => other.AskAsync(key, "demo/paid", text: "held", once: Once)));

        repeats.ShouldAllBe(repeat => repeat.Status >= 400 && repeat.Whole);
        upstream.Received.ShouldBe(1);
        await deployment.SettledAsync();
        (await other.ActivityAsync(key)).ShouldHaveSingleItem().GetProperty("error_code").GetString().ShouldBe("aborted");
        Usd(await other.GetAsync(key, "api/v1/credits"), "left_usd").ShouldBe(5);
    }

    private static async Task<IReadOnlyList<HttpResponseMessage>> OpenAsync(Instance instance, string key, LoopbackGate gate, int count)
    {
        var open = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => instance.BeginAsync(key, Slug, stream: true, "held one two three")));
        open.ShouldAllBe(response => response.IsSuccessStatusCode);
        for (var i = 0; i < count; i++)
        {
            await gate.ArrivalAsync();
        }

        return open;
    }

    private static LoopbackScript? Held(LoopbackRequest request, LoopbackGate gate) =>
        request.Chat?.UserText.StartsWith("held", StringComparison.Ordinal) is true
            ? new LoopbackScript { Gate = gate, HoldAfter = 2, Text = "one two three four" }
            : null;

    /// <summary>Runs the recovery until it has taken the instance for dead and let go of it.</summary>
    private static Task RecoveredAsync(Deployment deployment, Instance other, string dead) =>
        Eventually.TrueAsync(async () =>
        {
            await other.RunTimerAsync("LedgerRecovery");
            return !(await deployment.InstancesAsync()).Any(row => row.PartitionKey == dead || row.RowKey == dead);
        });

    private static decimal Usd(JsonElement json, string name) =>
        decimal.Parse(json.GetProperty(name).GetString()!, System.Globalization.CultureInfo.InvariantCulture);

    private static string IdOf(HttpResponseMessage response) => response.Headers.GetValues("x-request-id").Single();

    private static List<string?> Ids(IEnumerable<JsonElement> records) => Sorted(records.Select(record => record.GetProperty("id").GetString()));

    private static List<string?> Sorted(IEnumerable<string?> ids) => [.. ids.Order(StringComparer.Ordinal)];
}
