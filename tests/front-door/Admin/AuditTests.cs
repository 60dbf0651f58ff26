using System.Net;
using System.Text.Json;
using Freeway.FrontDoor.Tests.Support;

namespace Freeway.FrontDoor.Tests.Admin;

/// <summary>Who changed what, and when.</summary>
public sealed class AuditTests
{
    [Fact]
    public async Task Changes_OfAllKinds_AreThereWithBeforeAndAfterAndFitTheFilters()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var admin = gateway.Admin();
        using var created = await admin.OrderAsync("POST", "orgs", """{"id":"acme","name":"Acme"}""");
        await admin.DoneAsync("POST", "orgs/acme/keys", """{"id":"robot"}""");
        await admin.DoneAsync("PATCH", "orgs/acme/keys/robot", """{"disabled":true}""");
        await admin.DoneAsync("POST", "orgs/acme/keys/robot/rotate");
        await admin.DoneAsync("POST", "credits", """{"org":"acme","usd":"5.00"}""", "invoice-1");
        await admin.DoneAsync("POST", "management-keys", """{"id":"anna","scopes":["read"]}""");
        await admin.DoneAsync("DELETE", "orgs/acme/keys/robot");

        var records = (await admin.DoneAsync("GET", "audit?org=acme")).GetProperty("data").EnumerateArray().ToList();

        records.Select(record => record.GetProperty("action").GetString()).ShouldBe(
            ["key.delete", "org.purchases", "credits.add", "key.rotate", "key.change", "key.create", "org.create"]);
        records.Select(record => record.GetProperty("by").GetString()).Distinct().ShouldBe(["settings", "freeway"]);
        records[^1].GetProperty("id").GetString().ShouldBe(created.Headers.ETag!.Tag.Trim('"'), "the ETag is the record's id");
        records[^1].GetProperty("before").ValueKind.ShouldBe(JsonValueKind.Null);
        records[^1].GetProperty("after").GetProperty("name").GetString().ShouldBe("Acme");
        var change = records[4];
        change.GetProperty("subject").GetRawText().ShouldBe("""{"kind":"key","id":"robot","org":"acme"}""");
        change.GetProperty("before").GetProperty("disabled").GetBoolean().ShouldBeFalse();
        change.GetProperty("after").GetProperty("disabled").GetBoolean().ShouldBeTrue();
        records[2].GetProperty("after").GetRawText().ShouldBe("""{"purchase":"invoice-1","usd":"5.00"}""");

        (await ActionsAsync(admin, "audit?kind=key&id=robot")).ShouldBe(["key.delete", "key.rotate", "key.change", "key.create"]);
        (await ActionsAsync(admin, "audit?by=freeway&org=acme")).ShouldBe(["org.purchases"]);
        (await ActionsAsync(admin, "audit?kind=management_key")).ShouldBe(["management_key.create"]);
        (await ActionsAsync(admin, "audit?org=acme&to=2026-05-29")).ShouldBeEmpty();
        (await ActionsAsync(admin, "audit?kind=org&id=acme&from=2026-05-29&to=2026-05-30")).ShouldBe(["org.purchases", "org.create"]);
    }

    [Fact]
    public async Task List_InPages_IsWhole()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var admin = gateway.Admin();
        foreach (var number in Enumerable.Range(0, 5))
        {
            await admin.DoneAsync("POST", "orgs", $$"""{"id":"org-{{number}}"}""");
            await admin.DoneAsync("POST", $"orgs/org-{number}/keys", "{}");
        }

        var whole = (await admin.DoneAsync("GET", "audit")).GetProperty("data").EnumerateArray().Select(record => record.GetProperty("id").GetString()).ToList();
        var seen = new List<string?>();
        for (var cursor = ""; cursor is not null;)
        {
            var page = await admin.DoneAsync("GET", $"audit?limit=3{cursor}");
            seen.AddRange(page.GetProperty("data").EnumerateArray().Select(record => record.GetProperty("id").GetString()));
            cursor = page.GetProperty("next_cursor").GetString() is { } next ? $"&cursor={next}" : null;
        }

        seen.ShouldBe(whole);
        whole.Count.ShouldBeGreaterThanOrEqualTo(10);
    }

    [Fact]
    public async Task List_WithFiltersThatCannotBe_NamesThemAll()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var admin = gateway.Admin();

        using var response = await admin.OrderAsync("GET", "audit?kind=house&from=yesterday&to=x&limit=1001&cursor=%25");

        (await response.ErrorAsync(HttpStatusCode.BadRequest)).GetProperty("errors").EnumerateArray().Select(one => one.GetProperty("param").GetString())
            .ShouldBe(["limit", "kind", "from", "to", "cursor"]);
    }

    [Fact]
    public async Task Change_ThatChangesNothing_LeavesNoRecord()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var admin = gateway.Admin();
        await admin.DoneAsync("POST", "orgs", """{"id":"acme","name":"Acme"}""");

        using var first = await admin.OrderAsync("PATCH", "orgs/acme", """{"name":"Acme"}""");

        first.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await ActionsAsync(admin, "audit?kind=org&id=acme")).ShouldBe(["org.create"]);
    }

    [Fact]
    public async Task TopUp_Repeated_IsOneRecordAndShowsAmongThePurchases()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var admin = gateway.Admin();
        for (var i = 0; i < 2; i++)
        {
            using var added = await admin.OrderAsync("POST", "credits", """{"org":"demo","usd":"5.00"}""", "invoice-1");
            added.Headers.Contains("x-freeway-idempotent").ShouldBe(i > 0);
        }

        (await ActionsAsync(admin, "audit?kind=credits")).ShouldBe(["credits.add"]);
        var account = await admin.DoneAsync("GET", "credits?org=demo");
        account.GetProperty("bought_usd").GetString().ShouldBe("10.00");
        account.GetProperty("purchases").EnumerateArray().Select(purchase => (purchase.GetProperty("id").GetString(), purchase.GetProperty("usd").GetString()))
            .ShouldBe([("invoice-1", "5.00"), ("demo-seed", "5.00")]);
    }

    private static async Task<IEnumerable<string?>> ActionsAsync(HttpClient admin, string list) =>
        (await admin.DoneAsync("GET", list)).GetProperty("data").EnumerateArray().Select(record => record.GetProperty("action").GetString());
}
