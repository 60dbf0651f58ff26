using Freeway.FrontDoor.Tests.Support;
using Freeway.Processes.Tests.Support;
using Freeway.Runner.Loopback;
using Xunit.Abstractions;

namespace Freeway.Processes.Tests;

/// <summary>The tables go away: nobody passes unmetered, and nothing is taken behind anybody's back.</summary>
public sealed class StorageOutageTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Tables_Down_RefuseFreeAndPaidAndAdmitNothing()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(new LoopbackOptions(), TimeProvider.System);
        await using var deployment = await Deployment.StartAsync(output, upstream.BaseUrl, tablesApart: true);
        var instance = (await deployment.StartInstancesAsync(1, ("Freeway__Ledger__ReserveDeadline", "00:00:10")))[0];
        var key = instance.ApiKey!;
        var stranger = await deployment.NewKeyAsync("stranger");
        var before = await Task.WhenAll(instance.AskAsync(key, "demo/echo:free"), instance.AskAsync(key, "demo/paid"));
        before.Select(answer => answer.Status).ShouldBe([200, 200], before[0].Body + before[1].Body);
        await deployment.SettledAsync();
        upstream.Received.ShouldBe(2);

        await deployment.Tables.StopAsync();
        (string Key, string Model)[] asked =
            [(key, "demo/echo:free"), (key, "demo/paid"), (key, "sarvam/sarvam-30b:free"), (stranger, "demo/echo:free"), (stranger, "demo/paid")];
        var refused = await Task.WhenAll(asked.SelectMany(each => new[] { false, true }.Select(stream => instance.AskAsync(each.Key, each.Model, stream))));

        foreach (var answer in refused)
        {
            answer.Status.ShouldBe(503, answer.Body);
            answer.ErrorCode.ShouldBe("quota_unavailable");
            answer.RetryAfter.ShouldNotBeNull().ShouldBeGreaterThan(TimeSpan.Zero);
        }

        upstream.Received.ShouldBe(2, "what is not metered must not reach an upstream");
        var (status, report) = await instance.HealthAsync();
        status.ShouldBe(503);
        report.GetProperty("checks").GetProperty("table").GetString().ShouldNotBe("ok");

        await deployment.Tables.StartAsync();
        await Eventually.TrueAsync(async () => (await instance.HealthAsync()).Status is 200);
        var after = await instance.AskAsync(key, "demo/echo:free");
        after.Status.ShouldBe(200, after.Body);
        await deployment.SettledAsync();
        (await deployment.QuotaAsync("demo")).ShouldBe((2, 0));
        (await instance.ActivityAsync(key)).Select(record => record.GetProperty("id").GetString()).Order()
            .ShouldBe(before.Append(after).Select(answer => answer.Id).Order());
        (await instance.ActivityAsync(stranger)).ShouldBeEmpty();
        upstream.Received.ShouldBe(3);
    }
}
