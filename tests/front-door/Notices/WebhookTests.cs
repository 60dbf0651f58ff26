using System.Net;
using System.Text.Json;
using Freeway.FrontDoor.Tests.Support;

namespace Freeway.FrontDoor.Tests.Notices;

/// <summary>Webhooks as an operator makes, changes, tests and takes them away.</summary>
public sealed class WebhookTests
{
    [Fact]
    public async Task Secret_OfANewWebhook_IsShownOnce()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var admin = gateway.Admin();
        const string Body = """{"url":"https://hooks.example.com/t/token-in-the-path"}""";

        var made = await admin.DoneAsync("PUT", "orgs/demo/webhook", Body, once: "first");
        var again = await admin.DoneAsync("PUT", "orgs/demo/webhook", Body, once: "first");
        var read = await admin.DoneAsync("GET", "orgs/demo/webhook");
        var changed = await admin.DoneAsync("PUT", "orgs/demo/webhook", """{"url":"https://other.example.com","events":["credit.low"]}""");

        var secret = made.GetProperty("secret").GetString()!;
        secret.ShouldStartWith("whsec_");
        Convert.FromBase64String(secret["whsec_".Length..]).Length.ShouldBe(32);
        (again.TryGetProperty("secret", out _), read.TryGetProperty("secret", out _), changed.TryGetProperty("secret", out _))
            .ShouldBe((false, false, false));
        changed.GetProperty("events").GetRawText().ShouldBe("""["credit.low"]""");
        var audit = await gateway.GetAsync("api/v1/admin/audit?kind=webhook", admin);
        audit.GetProperty("data").EnumerateArray().Select(record => record.GetProperty("action").GetString())
            .ShouldBe(["webhook.put", "webhook.put"]);
        audit.GetRawText().ShouldContain("hooks.example.com");
        audit.GetRawText().ShouldNotContain("token-in-the-path");
        audit.GetRawText().ShouldNotContain(secret);
    }

    [Fact]
    public async Task Secret_ThatIsRotated_SignsBesideTheNewOneForADay()
    {
        await using var gateway = await TestGateway.StartAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        using var admin = gateway.Admin();
        var first = await admin.HookAsync(receiver, null);

        var second = (await admin.DoneAsync("POST", "webhook/rotate")).GetProperty("secret").GetString()!;
        await admin.DoneAsync("POST", "webhook/test");
        gateway.Clock.MoveOn(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(1));
        await admin.DoneAsync("POST", "webhook/test");

        var tests = receiver.Received.Where(one => one.Type is "webhook.test").ToList();
        tests.Select(one => (one.IsSignedWith(first), one.IsSignedWith(second))).ShouldBe([(true, true), (false, true)]);
    }

    [Fact]
    public async Task Test_OfAWebhook_TellsHowTheReceiverAnswered()
    {
        await using var gateway = await TestGateway.StartAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        using var admin = gateway.Admin();
        var secret = await admin.HookAsync(receiver, "demo");

        var good = await admin.DoneAsync("POST", "orgs/demo/webhook/test");
        receiver.Status = 401;
        var bad = await admin.DoneAsync("POST", "orgs/demo/webhook/test");
        receiver.Status = 0;
        var down = await admin.DoneAsync("POST", "orgs/demo/webhook/test");

        (good.GetProperty("delivered").GetBoolean(), good.GetProperty("status").GetInt32()).ShouldBe((true, 200));
        bad.GetProperty("error").GetString().ShouldBe("The receiver answered 401.");
        down.GetProperty("status").ValueKind.ShouldBe(JsonValueKind.Null);
        down.GetProperty("error").GetString()!.ShouldStartWith("The receiver did not answer: ");
        receiver.Received.ShouldAllBe(one => one.Type == "webhook.test" && one.IsSignedWith(secret));
        receiver.Received[0].Id.ShouldBe(good.GetProperty("id").GetString());
        (await gateway.NoticesAsync(admin, "", _ => true)).ShouldBeEmpty("a test is not kept");
    }

    [Theory]
    [InlineData("""{}""", "url", "'url' is missing")]
    [InlineData("""{"url":"hooks.example.com"}""", "url", "must be an absolute https URL")]
    [InlineData("""{"url":"ftp://hooks.example.com"}""", "url", "must be an absolute https URL")]
    [InlineData("""{"url":"http://hooks.example.com"}""", "url", "must be https; Freeway__Notices__AllowPrivateReceivers allows http on loopback")]
    [InlineData("""{"url":"http://localhost:9000"}""", "url", "must be https; Freeway__Notices__AllowPrivateReceivers allows http on loopback")]
    [InlineData("""{"url":"https://127.0.0.1/hook"}""", "url", "must not be a private address; Freeway__Notices__AllowPrivateReceivers allows them")]
    [InlineData("""{"url":"https://10.1.2.3/hook"}""", "url", "must not be a private address; Freeway__Notices__AllowPrivateReceivers allows them")]
    [InlineData("""{"url":"https://[fd00::1]/hook"}""", "url", "must not be a private address; Freeway__Notices__AllowPrivateReceivers allows them")]
    [InlineData("""{"url":"https://169.254.169.254/latest"}""", "url", "must not be a private address; Freeway__Notices__AllowPrivateReceivers allows them")]
    [InlineData("""{"url":"https://me:secret@hooks.example.com"}""", "url", "must hold no user and no password: notices are signed instead")]
    [InlineData("""{"url":"https://hooks.example.com","events":["alarm.raised"]}""", "events", "must name some of limit.reached, gift.reached, ceiling.reached, credit.low, model.free_ended, each once; leave it out for all")]
    [InlineData("""{"url":"https://hooks.example.com","events":[]}""", "events", "must name some of")]
    [InlineData("""{"url":"https://hooks.example.com","secret":"mine"}""", "secret", "is not known here")]
    public async Task Webhook_ThatIsWrong_IsRefusedByItsField(string body, string field, string told)
    {
        await using var gateway = await TestGateway.StartAsync(
            settings: new Dictionary<string, string?> { ["Freeway:Notices:AllowPrivateReceivers"] = "false" });
        using var admin = gateway.Admin();

        using var response = await admin.OrderAsync("PUT", "orgs/demo/webhook", body);

        var error = await response.ErrorAsync(HttpStatusCode.BadRequest);
        error.GetProperty("param").GetString().ShouldBe(field);
        error.GetProperty("message").GetString()!.ShouldContain(told);
    }

    [Fact]
    public async Task Name_ThatLeadsIntoAPrivateNetwork_IsNotConnectedTo()
    {
        await using var gateway = await TestGateway.StartAsync(
            settings: new Dictionary<string, string?> { ["Freeway:Notices:AllowPrivateReceivers"] = "false" });
        using var admin = gateway.Admin();
        // A name like any other to whoever reads it, and loopback to whoever looks it up.
        await admin.DoneAsync("PUT", "webhook", $$"""{"url":"https://{{Dns.GetHostName()}}:9/hook"}""");

        var test = await admin.DoneAsync("POST", "webhook/test");

        test.GetProperty("delivered").GetBoolean().ShouldBeFalse();
        test.GetProperty("error").GetString().ShouldBe("The receiver did not answer: its name leads to a private address.");
    }

    [Fact]
    public async Task Webhook_OfAnOrgThatIsNotThere_IsNotFound()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var admin = gateway.Admin();

        using var response = await admin.OrderAsync("PUT", "orgs/nobody/webhook", """{"url":"https://hooks.example.com"}""");

        (await response.ErrorAsync(HttpStatusCode.NotFound)).GetProperty("message").GetString().ShouldBe("There is no organisation of this id here.");
    }

    [Fact]
    public async Task Webhook_OfTheDeployment_NeedsAllRights()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var admin = gateway.Admin();
        var secret = (await admin.DoneAsync("POST", "management-keys", """{"id":"desk","label":"Desk","scopes":["keys"]}""")).GetProperty("secret").GetString();
        using var desk = gateway.Client(secret);

        using var own = await desk.OrderAsync("PUT", "orgs/demo/webhook", """{"url":"https://hooks.example.com"}""");
        using var all = await desk.OrderAsync("PUT", "webhook", """{"url":"https://hooks.example.com"}""");

        own.StatusCode.ShouldBe(HttpStatusCode.OK);
        await all.ErrorAsync(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Webhook_ChangedByAnotherMeanwhile_IsNotOverwritten()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var admin = gateway.Admin();
        using var made = await admin.OrderAsync("PUT", "webhook", """{"url":"https://one.example.com"}""");
        await admin.DoneAsync("PUT", "webhook", """{"url":"https://two.example.com"}""");

        using var late = await admin.OrderAsync("PUT", "webhook", """{"url":"https://three.example.com"}""", ifMatch: made.Headers.ETag);

        await late.ErrorAsync(HttpStatusCode.PreconditionFailed);
        (await admin.DoneAsync("GET", "webhook")).GetProperty("url").GetString().ShouldBe("https://two.example.com");
    }
}
