using System.Text.Json.Nodes;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Runner.Loopback;

namespace Freeway.FrontDoor.Tests.Notices;

/// <summary>"What callers see", 10: a model leaving <c>:free</c>, an upstream's key, alarms of <c>/health/ready</c>.</summary>
public sealed class DeploymentNoticeTests
{
    [Fact]
    public async Task Model_ThatLeavesFree_IsToldToTheDeploymentAndToOrgsOnce()
    {
        await using var gateway = await TestGateway.StartAsync(settings: Free(true));
        await using var operators = await WebhookReceiver.StartAsync();
        await using var own = await WebhookReceiver.StartAsync();
        using var admin = gateway.Admin();
        await admin.HookAsync(operators, null, "model.free_ended");
        await admin.HookAsync(own, "demo");
        await LookedAsync(gateway);

        await admin.DoneAsync("PATCH", "models/test/model", """{"free":{"enabled":false}}""");
        gateway.Clock.MoveOn(TimeSpan.FromMinutes(1));

        var (one, other) = ((await operators.GotAsync(1))[0], (await own.GotAsync(1))[0]);
        (one.Type, one.Data.GetRawText()).ShouldBe(("model.free_ended", """{"model":"test/model"}"""));
        await gateway.DeliveredAsync(admin, 2);
        (other.Type, other.Data.GetRawText()).ShouldBe(("model.free_ended", """{"model":"test/model"}"""));
        gateway.Clock.MoveOn(TimeSpan.FromMinutes(5));
        await gateway.NoticesAsync(admin, "?status=waiting", waiting => waiting.Count is 0);
        (operators.Received.Count, own.Received.Count).ShouldBe((1, 1));
    }

    [Fact]
    public async Task UpstreamKey_ThatIsParked_IsToldOnceADay()
    {
        await using var gateway = await TestGateway.StartAsync(_ => new LoopbackScript { Error = 429, RetryAfter = 7200 }, Free(true));
        await using var receiver = await WebhookReceiver.StartAsync();
        using var admin = gateway.Admin();
        await admin.HookAsync(receiver, null, "upstream.parked");
        using (await gateway.ChatAsync("test/model:free"))
        {
        }

        gateway.Clock.MoveOn(TimeSpan.FromMinutes(2));
        var got = (await receiver.GotAsync(1))[0];
        await gateway.DeliveredAsync(admin, 1);
        gateway.Clock.MoveOn(TimeSpan.FromMinutes(2));
        await gateway.NoticesAsync(admin, "?status=waiting", waiting => waiting.Count is 0);

        got.Type.ShouldBe("upstream.parked");
        got.Data.GetProperty("upstream").GetString().ShouldBe("loopback");
        got.Data.GetProperty("model").GetString().ShouldBe("echo");
        got.Data.GetProperty("until").GetDateTimeOffset().ShouldBe(TestGateway.Noon.AddHours(2), TimeSpan.FromMinutes(1));
        receiver.Received.Count.ShouldBe(1);
    }

    [Fact]
    public async Task UpstreamKey_ThatIsNearlySpent_IsToldOncePerWindow()
    {
        await using var gateway = await TestGateway.StartAsync(settings: Free(true, upstreamLimit: 5));
        await using var receiver = await WebhookReceiver.StartAsync();
        using var admin = gateway.Admin();
        await admin.HookAsync(receiver, null, "upstream.nearly_spent");
        await gateway.SpendAsync("test/model:free", times: 4);

        gateway.Clock.MoveOn(TimeSpan.FromMinutes(2));
        var nearly = (await receiver.GotAsync(1))[0];
        await gateway.DeliveredAsync(admin, 1);
        await gateway.SpendAsync("test/model:free", times: 1);
        gateway.Clock.MoveOn(TimeSpan.FromMinutes(2));
        var got = await receiver.GotAsync(2);

        nearly.Data.GetProperty("percent").GetInt32().ShouldBe(80);
        nearly.Data.GetProperty("limit").GetString().ShouldBe("per-day");
        nearly.Data.GetProperty("left").GetInt32().ShouldBe(1);
        got[1].Data.GetProperty("percent").GetInt32().ShouldBe(100);
    }

    [Fact]
    public async Task Alarm_OfHealthReady_IsToldOnceADayWhileItLasts()
    {
        await using var gateway = await TestGateway.StartAsync(runTimers: false);
        await using var receiver = await WebhookReceiver.StartAsync();
        using var admin = gateway.Admin();
        await admin.HookAsync(receiver, null, "alarm.raised");

        gateway.Clock.MoveOn(TimeSpan.FromHours(25) + TimeSpan.FromMinutes(2));
        var got = await receiver.GotAsync(1);
        await gateway.NoticesAsync(admin, "?status=waiting", waiting => waiting.Count is 0);
        gateway.Clock.MoveOn(TimeSpan.FromHours(1));
        await gateway.NoticesAsync(admin, "?status=waiting", waiting => waiting.Count is 0);
        receiver.Received.Count(one => Name(one) is "reset_overdue").ShouldBe(1);
        gateway.Clock.MoveOn(TimeSpan.FromDays(1));
        await Eventually.TrueAsync(() => Task.FromResult(receiver.Received.Count(one => Name(one) is "reset_overdue") is 2));

        got.ShouldAllBe(one => one.Type == "alarm.raised");
        var overdue = receiver.Received.First(one => Name(one) is "reset_overdue");
        overdue.Data.GetProperty("remedy").GetString()!.ShouldContain("/api/v1/admin/resets");
    }

    private static string? Name(ReceivedNotice notice) => notice.Data.GetProperty("alarm").GetString();

    /// <summary>What is free is known once it was looked at; only then can it be missed.</summary>
    private static Task LookedAsync(TestGateway gateway) => Eventually.TrueAsync(async () =>
    {
        var table = gateway.Table(names => names.Notices);
        await table.CreateIfNotExistsAsync();
        return (await table.GetEntityIfExistsAsync<Azure.Data.Tables.TableEntity>("notices", "free-models")).HasValue;
    });

    private static Dictionary<string, string?> Free(bool enabled, int? upstreamLimit = null) => TestCatalogue.Settings(new
    {
        upstreams = new
        {
            loopback = new
            {
                base_url = "http://127.0.0.1:1/v1",
                limits = upstreamLimit is { } amount
                    ? new JsonArray(new JsonObject { ["name"] = "per-day", ["unit"] = "requests", ["amount"] = amount, ["window"] = "day", ["scope"] = "upstream" })
                    : [],
            },
        },
        plans = new
        {
            quick = new { limits = new[] { new { name = "daily", unit = "requests", amount = 1000, window = "day", scope = "org" } } },
        },
        models = new[] { TestCatalogue.Model("test/model", new { free = new { enabled, plan = "quick" } }) },
    });
}
