using System.Net;
using System.Text.Json;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Runner.Loopback;

namespace Freeway.FrontDoor.Tests.Admin;

/// <summary>Organisations as the operator makes and changes them.</summary>
public sealed class OrgTests
{
    [Theory]
    [InlineData("orgs/{0}")]
    [InlineData("orgs/{0}/keys")]
    [InlineData("orgs/demo/keys/{0}")]
    [InlineData("orgs/{0}/usage")]
    [InlineData("management-keys/{0}")]
    public async Task LookUp_OfAnIdThatNoneCanHave_FindsNothing(string path)
    {
        await using var gateway = await TestGateway.StartAsync();
        using var admin = gateway.Admin();

        foreach (var id in new[] { new string('x', 600), "%F0%9F", "a%7Cb", new string(':', 5000) })
        {
            using var answer = await admin.GetAsync("api/v1/admin/" + path.Replace("{0}", id, StringComparison.Ordinal));
            (await answer.ErrorAsync(HttpStatusCode.NotFound)).GetProperty("code").GetString().ShouldBe("not_found");
        }
    }

    [Theory]
    [InlineData("POST", "orgs")]
    [InlineData("POST", "orgs/demo/keys")]
    [InlineData("PATCH", "orgs/demo")]
    [InlineData("POST", "credits")]
    [InlineData("PUT", "plans/starter")]
    [InlineData("POST", "catalogue/versions")]
    [InlineData("POST", "simulations")]
    [InlineData("POST", "reconciliations")]
    public async Task Order_WithHalfACharacter_IsRefusedAndNothingIsKept(string method, string path)
    {
        await using var gateway = await TestGateway.StartAsync();
        using var admin = gateway.Admin();

        foreach (var body in new[] { [.. "{\"id\":\"x"u8, 0xC3, .. "\"}"u8], "{\"id\":\"\\ud800\"}"u8.ToArray(), "{\"\\udc00\":1}"u8.ToArray() })
        {
            using var order = new HttpRequestMessage(new HttpMethod(method), "api/v1/admin/" + path) { Content = new ByteArrayContent(body) };
            order.Headers.Add("Idempotency-Key", Convert.ToHexString(body));
            using var answer = await admin.SendAsync(order);
            (await answer.ErrorAsync(HttpStatusCode.BadRequest)).GetProperty("code").GetString().ShouldBe("invalid_json");
        }
    }

    [Fact]
    public async Task Org_FromItsCreationToItsEnd_IsWhatTheOperatorSays()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var admin = gateway.Admin();

        using var created = await admin.OrderAsync("POST", "orgs", """{"id":"acme","name":"Acme","plan":"pay-as-you-go","user_tier":"pro","monthly_ceiling_usd":"25.00"}""");
        var org = await created.JsonAsync();
        using var read = await admin.GetAsync(created.Headers.Location!.ToString().TrimStart('/'));

        created.StatusCode.ShouldBe(HttpStatusCode.Created);
        created.Headers.Location.ToString().ShouldBe("/api/v1/admin/orgs/acme");
        created.Headers.ETag!.IsWeak.ShouldBeFalse();
        read.Headers.ETag.ShouldBe(created.Headers.ETag);
        (await read.JsonAsync()).GetRawText().ShouldBe(org.GetRawText());
        org.GetProperty("name").GetString().ShouldBe("Acme");
        org.GetProperty("user_tier").GetString().ShouldBe("pro");
        org.GetProperty("monthly_ceiling_usd").GetString().ShouldBe("25.00");

        using var changed = await admin.OrderAsync("PATCH", "orgs/acme", """{"name":"Acme Inc.","monthly_ceiling_usd":null}""", ifMatch: created.Headers.ETag);
        var after = await changed.JsonAsync();
        changed.Headers.ETag.ShouldNotBe(created.Headers.ETag);
        after.GetProperty("name").GetString().ShouldBe("Acme Inc.");
        after.GetProperty("monthly_ceiling_usd").ValueKind.ShouldBe(JsonValueKind.Null);
        after.GetProperty("user_tier").GetString().ShouldBe("pro", "what is left out stays");

        using var stale = await admin.OrderAsync("PATCH", "orgs/acme", """{"name":"Other"}""", ifMatch: created.Headers.ETag);
        (await stale.ErrorAsync(HttpStatusCode.PreconditionFailed)).GetProperty("code").GetString().ShouldBe("precondition_failed");
        (await admin.DoneAsync("GET", "orgs/acme")).GetProperty("name").GetString().ShouldBe("Acme Inc.");
    }

    [Fact]
    public async Task Create_WithManyThingsWrong_NamesThemAll()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var admin = gateway.Admin();

        using var response = await admin.OrderAsync(
            "POST", "orgs", """{"id":"a|b","name":"","plan":"nobody","premium":"yes","overflow":"later","monthly_ceiling_usd":-1,"colour":"red"}""");

        var error = await response.ErrorAsync(HttpStatusCode.BadRequest);
        error.GetProperty("code").GetString().ShouldBe("invalid_request");
        error.GetProperty("param").GetString().ShouldBe("id");
        error.GetProperty("errors").EnumerateArray().Select(one => one.GetProperty("param").GetString())
            .ShouldBe(["id", "name", "plan", "premium", "overflow", "monthly_ceiling_usd", "colour"], ignoreOrder: true);
        error.GetProperty("errors").EnumerateArray().ShouldAllBe(one => one.GetProperty("message").GetString()!.Contains(one.GetProperty("param").GetString()!));
        (await admin.DoneAsync("GET", "audit?kind=org&id=a|b")).GetProperty("data").GetArrayLength().ShouldBe(0);
    }

    [Theory]
    [InlineData("", "id")]
    [InlineData("""{"name":"Acme"}""", "id")]
    [InlineData("""{"id":null}""", "id")]
    [InlineData("""{"id":".acme"}""", "id")]
    [InlineData("""{"id":"acme/eu"}""", "id")]
    [InlineData("""{"id":"ａcme"}""", "id")]
    [InlineData("""{"id":"acme\n"}""", "id")]
    [InlineData("""{"id":"acme","name":null}""", "name")]
    [InlineData("""{"id":"acme","disabled":null}""", "disabled")]
    public async Task Create_WithAnIdOrAMemberThatCannotBe_IsRefused(string body, string param)
    {
        await using var gateway = await TestGateway.StartAsync();
        using var admin = gateway.Admin();

        using var response = await admin.OrderAsync("POST", "orgs", body);

        (await response.ErrorAsync(HttpStatusCode.BadRequest)).GetProperty("param").GetString().ShouldBe(param);
    }

    [Fact]
    public async Task Create_OfOneIdByManyAtOnce_MakesOneAndTellsTheOthers()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var admin = gateway.Admin();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => admin.OrderAsync("POST", "orgs", $$"""{"id":"acme","name":"Caller {{number}}"}""")));

        answers.Count(answer => answer.StatusCode is HttpStatusCode.Created).ShouldBe(1);
        var winner = await answers.Single(answer => answer.StatusCode is HttpStatusCode.Created).JsonAsync();
        foreach (var lost in answers.Where(answer => answer.StatusCode is not HttpStatusCode.Created))
        {
            (await lost.ErrorAsync(HttpStatusCode.Conflict)).GetProperty("code").GetString().ShouldBe("conflict");
        }

        (await admin.DoneAsync("GET", "orgs/acme")).GetRawText().ShouldBe(winner.GetRawText());
        (await admin.DoneAsync("GET", "audit?kind=org&id=acme")).GetProperty("data").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Create_RepeatedUnderItsIdempotencyKey_IsOneAndAnotherBodyIsAConflict()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var admin = gateway.Admin();
        using var first = await admin.OrderAsync("POST", "orgs", """{"id":"acme"}""", "create-1");

        using var again = await admin.OrderAsync("POST", "orgs", """{"id":"acme"}""", "create-1");
        using var other = await admin.OrderAsync("POST", "orgs", """{"id":"other"}""", "create-1");

        again.StatusCode.ShouldBe(HttpStatusCode.Created);
        again.Header("x-freeway-idempotent").ShouldBe("replayed");
        again.Headers.Location.ShouldBe(first.Headers.Location);
        (await again.JsonAsync()).GetRawText().ShouldBe((await first.JsonAsync()).GetRawText());
        first.Headers.Contains("x-freeway-idempotent").ShouldBeFalse();
        (await other.ErrorAsync(HttpStatusCode.Conflict)).GetProperty("param").GetString().ShouldBe("Idempotency-Key");
        (await admin.OrderAsync("GET", "orgs/other")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Change_OfTwoWithOneETag_OneWinsAndOneIsTold()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var admin = gateway.Admin();
        for (var round = 0; round < 5; round++)
        {
            using var created = await admin.OrderAsync("POST", "orgs", $$"""{"id":"org-{{round}}"}""");

            var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(number =>
                admin.OrderAsync("PATCH", $"orgs/org-{round}", $$"""{"name":"Caller {{number}}"}""", ifMatch: created.Headers.ETag)));

            answers.Count(answer => answer.StatusCode is HttpStatusCode.OK).ShouldBe(1);
            answers.Count(answer => answer.StatusCode is HttpStatusCode.PreconditionFailed).ShouldBe(3);
            var winner = await answers.Single(answer => answer.StatusCode is HttpStatusCode.OK).JsonAsync();
            (await admin.DoneAsync("GET", $"orgs/org-{round}")).GetRawText().ShouldBe(winner.GetRawText());
        }
    }

    [Fact]
    public async Task Change_ByManyWithoutAnETag_LosesNoOnesMember()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var admin = gateway.Admin();
        await admin.DoneAsync("POST", "orgs", """{"id":"acme"}""");

        await Task.WhenAll(
            admin.DoneAsync("PATCH", "orgs/acme", """{"name":"Acme"}"""),
            admin.DoneAsync("PATCH", "orgs/acme", """{"premium":true}"""),
            admin.DoneAsync("PATCH", "orgs/acme", """{"user_tier":"pro"}"""),
            admin.DoneAsync("PATCH", "orgs/acme", """{"phone_verified":true}"""));

        var org = await admin.DoneAsync("GET", "orgs/acme");
        org.GetProperty("name").GetString().ShouldBe("Acme");
        org.GetProperty("premium").GetBoolean().ShouldBeTrue();
        org.GetProperty("user_tier").GetString().ShouldBe("pro");
        org.GetProperty("phone_verified").GetBoolean().ShouldBeTrue();
        (await admin.DoneAsync("GET", "audit?kind=org&id=acme")).GetProperty("data").GetArrayLength().ShouldBe(5);
    }

    [Fact]
    public async Task Disable_AnOrg_EndsItsKeysWithinThirtySeconds()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var admin = gateway.Admin();
        using var caller = await gateway.NewOrgAsync(admin, "acme");
        await gateway.GetAsync("api/v1/key", caller);

        await admin.DoneAsync("PATCH", "orgs/acme", """{"disabled":true}""");
        gateway.Clock.MoveOn(TimeSpan.FromSeconds(30));

        using var refused = await gateway.ChatAsync("demo/echo:free", client: caller);
        (await refused.ErrorAsync(HttpStatusCode.Forbidden)).GetProperty("code").GetString().ShouldBe("org_disabled");
    }

    [Fact]
    public async Task Delete_AnOrg_EndsItsKeysKeepsItsIdAndCanBeUndone()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var admin = gateway.Admin();
        using var caller = await gateway.NewOrgAsync(admin, "acme");
        await gateway.GetAsync("api/v1/key", caller);

        var deleted = await admin.DoneAsync("DELETE", "orgs/acme");
        gateway.Clock.MoveOn(TimeSpan.FromSeconds(30));

        deleted.TryGetProperty("deleted_at", out _).ShouldBeTrue();
        using (var dead = await gateway.ChatAsync("demo/echo:free", client: caller))
        {
            (await dead.ErrorAsync(HttpStatusCode.Unauthorized)).GetProperty("code").GetString().ShouldBe("invalid_api_key");
        }

        using (var again = await admin.OrderAsync("POST", "orgs", """{"id":"acme"}"""))
        {
            await again.ErrorAsync(HttpStatusCode.Conflict);
        }

        using (var key = await admin.OrderAsync("POST", "orgs/acme/keys", "{}"))
        {
            await key.ErrorAsync(HttpStatusCode.Conflict);
        }

        (await IdsAsync(admin, "orgs")).ShouldBe(["demo"]);
        (await IdsAsync(admin, "orgs?include=deleted")).ShouldBe(["acme", "demo"]);

        await admin.DoneAsync("PATCH", "orgs/acme", """{"deleted":false}""");
        gateway.Clock.MoveOn(TimeSpan.FromSeconds(30));
        (await gateway.ChatAsync("demo/echo:free", client: caller)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await admin.DoneAsync("DELETE", "orgs/acme")).TryGetProperty("deleted_at", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task Delete_WhileRequestsRun_LetsThemEndAndAdmitsNoMore()
    {
        var gate = new Freeway.Runner.Loopback.LoopbackGate();
        await using var gateway = await TestGateway.StartAsync(_ => new Freeway.Runner.Loopback.LoopbackScript { Gate = gate, HoldAfter = Freeway.Runner.Loopback.LoopbackScript.BeforeHeaders });
        using var admin = gateway.Admin();
        using var caller = await gateway.NewOrgAsync(admin, "acme");
        var running = gateway.ChatAsync("demo/echo:free", client: caller);
        await gate.ArrivalAsync();

        await admin.DoneAsync("DELETE", "orgs/acme");
        gateway.Clock.MoveOn(TimeSpan.FromSeconds(30));
        using var late = await gateway.ChatAsync("demo/echo:free", client: caller);
        gate.Open();
        using var answered = await running;

        await late.ErrorAsync(HttpStatusCode.Unauthorized);
        answered.StatusCode.ShouldBe(HttpStatusCode.OK);
        await answered.Content.ReadAsStringAsync();
        await Eventually.GetAsync(async () => (await gateway.LedgerAsync("request|")).Count, rows => rows is 0);
        var quota = (await gateway.LedgerAsync("quota|")).Single(row => row.PartitionKey is "acme" && row.GetString("Unit") is "Requests");
        (quota.GetInt64("Used"), quota.GetInt64("Reserved")).ShouldBe((1, 0));
    }

    [Fact]
    public async Task List_OfMany_IsPagedInOrderWithoutGaps()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var admin = gateway.Admin();
        foreach (var number in Enumerable.Range(0, 7))
        {
            await admin.DoneAsync("POST", "orgs", $$"""{"id":"org-{{number}}"}""");
        }

        await admin.DoneAsync("DELETE", "orgs/org-3");
        var seen = new List<string>();
        for (var cursor = ""; cursor is not null;)
        {
            var page = await admin.DoneAsync("GET", $"orgs?limit=3{cursor}");
            seen.AddRange(page.GetProperty("data").EnumerateArray().Select(org => org.GetProperty("id").GetString()!));
            cursor = page.GetProperty("next_cursor").GetString() is { } next ? $"&cursor={next}" : null;
        }

        seen.ShouldBe(["demo", "org-0", "org-1", "org-2", "org-4", "org-5", "org-6"]);
        using var wrong = await admin.OrderAsync("GET", "orgs?limit=0&cursor=*&include=all");
        (await wrong.ErrorAsync(HttpStatusCode.BadRequest)).GetProperty("errors").GetArrayLength().ShouldBe(3);
    }

    private static async Task<IEnumerable<string?>> IdsAsync(HttpClient admin, string list) =>
        (await admin.DoneAsync("GET", list)).GetProperty("data").EnumerateArray().Select(one => one.GetProperty("id").GetString());
}
