using System.Net;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Notices;

namespace Freeway.FrontDoor.Tests.Notices;

/// <summary>"What callers see", 10: signed, retried, through the durable outbox, never blocking a request, each once.</summary>
public sealed class NoticeDeliveryTests
{
    [Fact]
    public async Task Receiver_ThatIsDownForAWhile_GetsTheNoticeOnceWithTheSameId()
    {
        await using var gateway = await TestGateway.StartAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        using var admin = gateway.Admin();
        var secret = await admin.HookAsync(receiver, "demo");
        receiver.Status = 0;
        await gateway.SpendAsync("demo/echo:free", times: 5);
        await TriedAsync(gateway, admin, 1);
        gateway.Clock.MoveOn(TimeSpan.FromSeconds(15));
        receiver.Status = 503;
        await TriedAsync(gateway, admin, 2);

        receiver.Status = 204;
        gateway.Clock.MoveOn(TimeSpan.FromMinutes(2));
        var over = await gateway.NoticesAsync(admin, "?status=delivered", all => all.Count is 1);
        gateway.Clock.MoveOn(TimeSpan.FromHours(13));
        await gateway.NoticesAsync(admin, "?status=waiting", waiting => waiting.Count is 0);

        var got = receiver.Received;
        got.Count(one => one.Status is 204).ShouldBe(1);
        got.Select(one => one.Id).Distinct().ShouldHaveSingleItem().ShouldBe(over[0].GetProperty("id").GetString());
        got.Select(one => one.Body).Distinct().Count().ShouldBe(1, "what is sent stays the same");
        got.ShouldAllBe(one => one.IsSignedWith(secret), "the time is another at each try, and is signed");
        got[^1].SentAt.ShouldBeGreaterThan(got[0].SentAt);
        over[0].GetProperty("attempts").GetInt32().ShouldBe(got.Count);
    }

    [Fact]
    public async Task Receiver_ThatIsNeverUp_EndsAfterEightTriesAndShowsAsFailed()
    {
        await using var gateway = await TestGateway.StartAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        using var admin = gateway.Admin();
        await admin.HookAsync(receiver, "demo");
        receiver.Status = 500;
        await gateway.SpendAsync("demo/echo:free", times: 5);

        for (var tries = 1; tries <= NoticeDelivery.Pauses.Count; tries++)
        {
            await TriedAsync(gateway, admin, tries);
            gateway.Clock.MoveOn(NoticeDelivery.Pauses[tries - 1] * 1.2);
        }

        var failed = (await gateway.NoticesAsync(admin, "?status=failed&org=demo", all => all.Count is 1))[0];
        gateway.Clock.MoveOn(TimeSpan.FromDays(2));
        await gateway.NoticesAsync(admin, "?status=waiting", waiting => waiting.Count is 0);

        failed.GetProperty("attempts").GetInt32().ShouldBe(8);
        failed.GetProperty("error").GetString().ShouldBe("The receiver answered 500.");
        failed.GetProperty("webhook").GetString().ShouldBe("demo");
        failed.TryGetProperty("next_at", out _).ShouldBeFalse();
        failed.GetProperty("body").GetProperty("data").GetProperty("percent").GetInt32().ShouldBe(50);
        receiver.Received.Count(one => one.Type is "limit.reached").ShouldBe(8);
    }

    [Fact]
    public async Task Receiver_ThatRedirects_IsNotFollowed()
    {
        await using var gateway = await TestGateway.StartAsync();
        await using var elsewhere = await WebhookReceiver.StartAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        using var admin = gateway.Admin();
        await admin.HookAsync(receiver, "demo");
        (receiver.Status, receiver.Location) = (307, elsewhere.Url);

        var test = await admin.DoneAsync("POST", "orgs/demo/webhook/test");

        test.GetProperty("delivered").GetBoolean().ShouldBeFalse();
        test.GetProperty("error").GetString().ShouldBe("The receiver answered 307; redirects are not followed.");
        elsewhere.Received.ShouldBeEmpty();
    }

    [Fact]
    public async Task Receiver_ThatSaysGone_IsNotTriedAgain()
    {
        await using var gateway = await TestGateway.StartAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        using var admin = gateway.Admin();
        await admin.HookAsync(receiver, "demo");
        receiver.Status = 410;

        await gateway.SpendAsync("demo/echo:free", times: 5);

        var failed = await gateway.NoticesAsync(admin, "?status=failed", all => all.Count is 1);
        failed[0].GetProperty("attempts").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Request_WhileTheReceiverHangs_IsAnsweredAndRecorded()
    {
        var gate = new TaskCompletionSource();
        await using var gateway = await TestGateway.StartAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        using var admin = gateway.Admin();
        await admin.HookAsync(receiver, "demo");
        receiver.Gate = gate.Task;
        await gateway.SpendAsync("demo/echo:free", times: 5);
        await receiver.GotAsync(1);

        await gateway.SpendAsync("demo/echo:free", times: 5);

        (await gateway.ActivityAsync(10)).Count.ShouldBe(10);
        gate.SetResult();
        await gateway.NoticesAsync(admin, "?status=delivered", all => all.Count is 3);
    }

    [Fact]
    public async Task Webhook_ThatIsTakenAway_GivesUpWhatWaits()
    {
        await using var gateway = await TestGateway.StartAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        using var admin = gateway.Admin();
        await admin.HookAsync(receiver, "demo");
        receiver.Status = 500;
        await gateway.SpendAsync("demo/echo:free", times: 5);
        await TriedAsync(gateway, admin, 1);

        await admin.DoneAsync("DELETE", "orgs/demo/webhook");
        gateway.Clock.MoveOn(TimeSpan.FromMinutes(1));

        var failed = await gateway.NoticesAsync(admin, "?status=failed", all => all.Count is 1);
        failed[0].GetProperty("error").GetString().ShouldBe("The webhook was disabled or taken away.");
        receiver.Received.Count.ShouldBe(1);
        using var gone = await admin.OrderAsync("GET", "orgs/demo/webhook");
        gone.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Notice_ForOrgAndDeployment_GoesToBothUnderIdsOfTheirOwn()
    {
        await using var gateway = await TestGateway.StartAsync();
        await using var own = await WebhookReceiver.StartAsync();
        await using var operators = await WebhookReceiver.StartAsync();
        using var admin = gateway.Admin();
        var ownSecret = await admin.HookAsync(own, "demo");
        var operatorsSecret = await admin.HookAsync(operators, null);

        await gateway.SpendAsync("demo/echo:free", times: 5);

        var (one, other) = ((await own.GotAsync(1))[0], (await operators.GotAsync(1))[0]);
        one.Id.ShouldNotBe(other.Id);
        (one.IsSignedWith(ownSecret), one.IsSignedWith(operatorsSecret)).ShouldBe((true, false));
        (other.IsSignedWith(ownSecret), other.IsSignedWith(operatorsSecret)).ShouldBe((false, true));
        other.Json.GetProperty("org").GetString().ShouldBe("demo");
    }

    [Fact]
    public async Task Notice_OfATypeThatNobodyWants_IsNotMade()
    {
        await using var gateway = await TestGateway.StartAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        using var admin = gateway.Admin();
        await admin.HookAsync(receiver, "demo", "credit.low");

        await gateway.SpendAsync("demo/echo:free", times: 10);

        await gateway.ActivityAsync(10);
        (await gateway.NoticesAsync(admin, "", _ => true)).ShouldBeEmpty();
    }

    private static Task<IReadOnlyList<System.Text.Json.JsonElement>> TriedAsync(TestGateway gateway, HttpClient admin, int times) => gateway.NoticesAsync(
        admin, "?status=waiting",
        all => all.Count is 1 && all[0].GetProperty("attempts").GetInt32() == times && all[0].TryGetProperty("error", out _));
}
