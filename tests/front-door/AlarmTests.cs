using System.Net;
using System.Text.Json;
using Azure.Core.Pipeline;
using Azure.Messaging.ServiceBus;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Operations.Reconciliation;
using Freeway.Runner.Broker;
using Freeway.Runner.Broker.Queues;
using Freeway.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Freeway.FrontDoor.Tests;

/// <summary>Each alarm of <c>/health/ready</c>: how it comes, that it takes nobody out of rotation, and how it ends.</summary>
public sealed class AlarmTests
{
    [Fact]
    public async Task Reset_ThatHasNotRunFor25Hours_IsAnAlarmUntilOneHas()
    {
        using var log = new WarningLog();
        await using var gateway = await TestGateway.StartAsync(
            runTimers: false, services: services => services.AddSingleton<ILoggerProvider>(log));
        using var admin = gateway.Client(gateway.Host.AdminKey);
        (await HealthAsync(gateway)).Status.ShouldBe("ok");

        gateway.Clock.MoveOn(TimeSpan.FromHours(25) + TimeSpan.FromMinutes(1));
        var (status, code, alarm) = await HealthAsync(gateway, "reset_overdue");
        (status, code).ShouldBe(("degraded", HttpStatusCode.OK));
        alarm!.Value.GetProperty("since").GetDateTimeOffset().ShouldBe(TestGateway.Noon.AddHours(25), TimeSpan.FromMinutes(1));
        alarm.Value.GetProperty("remedy").GetString()!.ShouldContain("/api/v1/admin/resets");
        log.Lines.ShouldContain(line => line.StartsWith("Alarm reset_overdue has lasted", StringComparison.Ordinal));

        using (var run = await admin.PostAsync("api/v1/admin/resets", null))
        {
            run.EnsureSuccessStatusCode();
        }

        gateway.Clock.MoveOn(TimeSpan.FromMinutes(2));
        (await HealthAsync(gateway)).Status.ShouldBe("ok");
        gateway.Clock.MoveOn(TimeSpan.FromHours(25));
        (await HealthAsync(gateway, "reset_overdue")).Alarm!.Value.GetProperty("detail").GetString()!.ShouldStartWith("The last daily reset ran at 2026-05-30T13:01:");
    }

    [Fact]
    public async Task Message_ThatWasPutAside_IsAnAlarmUntilItIsGone()
    {
        await using var gateway = await TestGateway.StartAsync();
        await using var bus = new ServiceBusClient(gateway.Host.Broker!.ConnectionString);
        await using var sender = bus.CreateSender("activity");
        await sender.SendMessageAsync(new ServiceBusMessage("no record"));
        await Eventually.TrueAsync(() => Task.FromResult(gateway.Host.Broker.Depth("activity").DeadLettered is 1));

        var (status, code, alarm) = await HealthAsync(gateway, "dead_letters");
        (status, code).ShouldBe(("degraded", HttpStatusCode.OK));
        alarm!.Value.GetProperty("detail").GetString().ShouldBe("1 messages are in the dead-letter queue of the activity log.");

        await using var dead = bus.CreateReceiver("activity", new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });
        await dead.CompleteMessageAsync(await dead.ReceiveMessageAsync());
        (await HealthAsync(gateway, "dead_letters")).Status.ShouldBe("degraded", "it looks once a minute");
        gateway.Clock.MoveOn(TimeSpan.FromMinutes(1));
        (await HealthAsync(gateway)).Status.ShouldBe("ok");
    }

    [Fact]
    public async Task Records_ThatWaitForFiveMinutes_AreAnAlarmUntilTheBrokerHasThem()
    {
        var folder = Directory.CreateTempSubdirectory("freeway-broker-");
        var options = new BrokerOptions { DataFolder = folder.FullName, Queues = [new QueueOptions("activity")] };
        var broker = await ServiceBusBroker.StartAsync(options, TimeProvider.System, NullLoggerFactory.Instance);
        await using var gateway = await TestGateway.StartAsync(
            settings: new Dictionary<string, string?> { ["ServiceBus"] = broker.ConnectionString, ["ActivityQueueName"] = "activity" });
        await broker.DisposeAsync();
        await gateway.SpendAsync("demo/echo:free", times: 2);
        await Eventually.TrueAsync(async () => (await gateway.LedgerAsync("request|")).Count is 2);

        gateway.Clock.MoveOn(TimeSpan.FromMinutes(4));
        (await HealthAsync(gateway)).Alarm.ShouldBeNull();
        gateway.Clock.MoveOn(TimeSpan.FromMinutes(2));
        var alarm = await Eventually.GetAsync(async () =>
        {
            var seen = await HealthAsync(gateway, "outbox_waiting");
            gateway.Clock.MoveOn(TimeSpan.FromSeconds(10));
            return seen.Alarm;
        }, seen => seen is not null);
        alarm!.Value.GetProperty("detail").GetString()!.ShouldStartWith("2 activity records wait for the queue, the oldest for ");

        await using var again = await ServiceBusBroker.StartAsync(options with { Port = broker.Port }, TimeProvider.System, NullLoggerFactory.Instance);
        (await gateway.ActivityAsync(2)).Count.ShouldBe(2);
        gateway.Clock.MoveOn(TimeSpan.FromMinutes(1));
        await Eventually.TrueAsync(async () =>
        {
            gateway.Clock.MoveOn(TimeSpan.FromSeconds(10));
            return await HealthAsync(gateway) is { Status: "ok", Alarm: null };
        });
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Catalogue_ThatCannotBeLookedAt_IsAnAlarmUntilItCan()
    {
        using var storage = new FaultyTransport(1, FaultRates.None);
        await using var gateway = await TestGateway.StartAsync(services: services => services.AddSingleton<HttpPipelineTransport>(storage));
        (await HealthAsync(gateway)).Status.ShouldBe("ok");

        storage.Down = true;
        gateway.Clock.MoveOn(TimeSpan.FromMinutes(3));
        var alarm = await Eventually.GetAsync(async () =>
        {
            var seen = await HealthAsync(gateway, "catalogue_stale");
            gateway.Clock.MoveOn(TimeSpan.FromMinutes(1));
            return seen.Alarm;
        }, seen => seen is not null);
        alarm!.Value.GetProperty("detail").GetString()!.ShouldStartWith("The catalogue was last looked at with success at 2026-05-29T12:0");

        storage.Down = false;
        await Eventually.TrueAsync(async () =>
        {
            gateway.Clock.MoveOn(TimeSpan.FromMinutes(1));
            return await HealthAsync(gateway, "catalogue_stale") is { Code: HttpStatusCode.OK, Alarm: null };
        });
    }

    [Fact]
    public async Task Books_ThatDifferFromTheRecords_AreAnAlarmUntilTheyAreRepaired()
    {
        await using var gateway = await TestGateway.StartAsync(runTimers: false);
        await gateway.SpendAsync("demo/echo:free", times: 2);
        await gateway.ActivityAsync(2);
        var ledger = gateway.Table(names => names.Ledger);
        var row = (await Eventually.GetAsync(() => gateway.LedgerAsync("quota|fastrouter"), rows => rows is [var one] && one.GetInt64("Reserved") is 0)).Single();
        row["Used"] = 1L;
        await ledger.UpdateEntityAsync(row, row.ETag);

        var reconciler = gateway.Host.Services.GetRequiredService<Reconciler>();
        (await reconciler.RunAsync(2, repair: false, CancellationToken.None)).Drift.ShouldBe(1);
        gateway.Clock.MoveOn(TimeSpan.FromMinutes(1));
        var (status, code, alarm) = await HealthAsync(gateway, "books_drift");
        (status, code).ShouldBe(("degraded", HttpStatusCode.OK));
        alarm!.Value.GetProperty("detail").GetString().ShouldBe("1 figures of the books differ from the records.");

        (await reconciler.RunAsync(2, repair: true, CancellationToken.None)).Repaired.ShouldBe(1);
        gateway.Clock.MoveOn(TimeSpan.FromMinutes(1));
        (await HealthAsync(gateway)).Status.ShouldBe("ok");
    }

    private static async Task<(string Status, HttpStatusCode Code, JsonElement? Alarm)> HealthAsync(TestGateway gateway, string? alarm = null)
    {
        using var nobody = gateway.Client(null);
        using var answer = await nobody.GetAsync("health/ready");
        var report = await answer.JsonAsync();
        var alarms = report.GetProperty("alarms").EnumerateArray().Where(one => alarm is null || one.GetProperty("name").GetString() == alarm).ToList();
        return (report.GetProperty("status").GetString()!, answer.StatusCode, alarms.Count is 0 ? null : alarms[0]);
    }
}
