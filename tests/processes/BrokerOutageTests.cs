using Freeway.FrontDoor.Tests.Support;
using Freeway.Processes.Tests.Support;
using Xunit.Abstractions;

namespace Freeway.Processes.Tests;

/// <summary>The broker goes away, one way or the other: callers do not notice, and no record is lost or doubled.</summary>
public sealed class BrokerOutageTests(ITestOutputHelper output)
{
    private const string Model = "demo/paid";

    [Fact]
    public async Task Broker_KilledUnderLoadAndRestarted_LosesNoRecord()
    {
        await using var deployment = await Deployment.StartAsync(output, brokerApart: true);
        var instances = await deployment.StartInstancesAsync(2);
        var key = instances[0].ApiKey!;
        using var stop = new CancellationTokenSource();
        var answered = 0;
        var callers = Enumerable.Range(0, 8).Select(async caller =>
        {
            var answers = new List<Answer>();
            while (!stop.IsCancellationRequested && answers.Count < 100)
            {
                answers.Add(await instances[caller % 2].AskAsync(key, Model, stream: caller / 2 % 2 is 0, "/script delay_ms=5 one two three"));
                Interlocked.Increment(ref answered);
            }

            return answers;
        }).ToList();

        await ReachAsync(100);
        await deployment.Broker.KillAsync();
        var whenKilled = Volatile.Read(ref answered);
        await ReachAsync(whenKilled + 50);
        await deployment.Broker.StartAsync();
        var whenBack = Volatile.Read(ref answered);
        await ReachAsync(Math.Min(whenBack + 100, 8 * 100));
        await stop.CancelAsync();
        var answers = (await Task.WhenAll(callers)).SelectMany(each => each).ToList();

        answers.ShouldAllBe(answer => answer.Status == 200 && answer.Whole);
        await deployment.SettledAsync();
        output.WriteLine($"{answers.Count} answers: {whenKilled} before the broker was killed, {whenBack} before it was back");
        (await instances[0].ActivityAsync(key)).Select(record => record.GetProperty("id").GetString()).Order()
            .ShouldBe(answers.Select(answer => answer.Id).Order());

        Task ReachAsync(int count) => Eventually.GetAsync(() => Task.FromResult(Volatile.Read(ref answered)), seen => seen >= count);
    }

    [Fact]
    public async Task Broker_StoppedForAWhile_LeavesRecordsWaitingInTheLedger()
    {
        await using var deployment = await Deployment.StartAsync(output, brokerApart: true);
        var instance = (await deployment.StartInstancesAsync(1))[0];
        var key = instance.ApiKey!;
        var before = await instance.AskAsync(key, Model);
        await deployment.SettledAsync();
        (await instance.HealthAsync()).Status.ShouldBe(200);

        await deployment.Broker.StopAsync();
        var meanwhile = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => instance.AskAsync(
            key, number < 5 ? "demo/echo:free" : Model, stream: number % 2 is 0)));

        meanwhile.ShouldAllBe(answer => answer.Status == 200 && answer.Whole);
        // What was well a moment ago is not asked again at once.
        var (status, report) = await Eventually.GetAsync(
            instance.HealthAsync, health => health.Report.GetProperty("status").GetString() is "degraded");
        status.ShouldBe(200, "a broker that is away takes nobody out of rotation");
        report.GetProperty("checks").GetProperty("queue").GetString().ShouldNotBe("ok");
        report.GetProperty("checks").GetProperty("table").GetString().ShouldBe("ok");
        var waiting = await Eventually.GetAsync(() => deployment.LedgerAsync("request|"), rows => rows.All(row => row.GetString("State") == "Finished"));
        waiting.Select(row => row.GetString("RequestId")).Order().ShouldBe(meanwhile.Select(answer => answer.Id).Order());
        (await instance.ActivityAsync(key)).Count.ShouldBe(1);

        await deployment.Broker.StartAsync();
        await deployment.SettledAsync();
        (await instance.ActivityAsync(key)).Select(record => record.GetProperty("id").GetString()).Order()
            .ShouldBe(meanwhile.Append(before).Select(answer => answer.Id).Order());
        await Eventually.TrueAsync(async () => (await instance.HealthAsync()).Status is 200);
        (await deployment.QuotaAsync("demo")).ShouldBe((5, 0));
    }
}
