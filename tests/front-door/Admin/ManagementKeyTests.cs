using System.Net;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Freeway.FrontDoor.Tests.Admin;

/// <summary>Who may administer, and how far.</summary>
public sealed class ManagementKeyTests
{
    [Theory]
    [InlineData("read", false, false, false)]
    [InlineData("keys", true, false, false)]
    [InlineData("billing", false, true, false)]
    [InlineData("all", true, true, true)]
    public async Task Scopes_OfAKey_OpenTheirDoorsAndNoOthers(string scope, bool keys, bool billing, bool all)
    {
        await using var gateway = await TestGateway.StartAsync();
        using var first = gateway.Admin();
        var made = await first.DoneAsync("POST", "management-keys", $$"""{"id":"anna","scopes":["{{scope}}"]}""");
        using var anna = gateway.Client(made.GetProperty("secret").GetString());

        KeySecret.TypeOf(made.GetProperty("secret").GetString()!).ShouldBe(KeyType.Management);
        (await anna.OrderAsync("GET", "orgs")).StatusCode.ShouldBe(HttpStatusCode.OK, "every management key may read");
        await CheckAsync(await anna.OrderAsync("POST", "orgs", """{"id":"acme"}"""), keys, "keys");
        await CheckAsync(await anna.OrderAsync("POST", "credits", """{"org":"demo","usd":1}""", "one"), billing, "billing");
        await CheckAsync(await anna.OrderAsync("POST", "resets"), all, "all");
        await CheckAsync(await anna.OrderAsync("POST", "management-keys", """{"id":"bert","scopes":["read"]}"""), all, "all");
    }

    [Fact]
    public async Task Change_ByAManagementKey_NamesItInTheAudit()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var first = gateway.Admin();
        using var anna = gateway.Client((await first.DoneAsync("POST", "management-keys", """{"id":"anna","scopes":["keys"]}""")).GetProperty("secret").GetString());

        await anna.DoneAsync("POST", "orgs", """{"id":"acme"}""");

        var record = (await first.DoneAsync("GET", "audit?by=anna")).GetProperty("data").EnumerateArray().ShouldHaveSingleItem();
        record.GetProperty("action").GetString().ShouldBe("org.create");
        (await first.DoneAsync("GET", "management-keys/anna")).GetProperty("created_by").GetString().ShouldBe("settings");
    }

    [Theory]
    [InlineData("""{"disabled":true}""", HttpStatusCode.Forbidden)]
    [InlineData("""{"deleted":true}""", HttpStatusCode.Unauthorized)]
    [InlineData("""{"expires_at":"2026-05-29T12:00:10Z"}""", HttpStatusCode.Unauthorized)]
    public async Task Key_TakenOutOfUse_IsDeadWithinThirtySeconds(string change, HttpStatusCode status)
    {
        await using var gateway = await TestGateway.StartAsync();
        using var first = gateway.Admin();
        using var anna = gateway.Client((await first.DoneAsync("POST", "management-keys", """{"id":"anna","scopes":["all"]}""")).GetProperty("secret").GetString());
        await anna.DoneAsync("GET", "orgs");

        await first.DoneAsync("PATCH", "management-keys/anna", change);
        gateway.Clock.MoveOn(TimeSpan.FromSeconds(30));

        await (await anna.OrderAsync("GET", "orgs")).ErrorAsync(status);
    }

    [Fact]
    public async Task Key_OfTheSettings_CannotBeTouched()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var first = gateway.Admin();

        await (await first.OrderAsync("DELETE", "management-keys/settings")).ErrorAsync(HttpStatusCode.Conflict);
        await (await first.OrderAsync("PATCH", "management-keys/settings", """{"disabled":true}""")).ErrorAsync(HttpStatusCode.Conflict);
        await (await first.OrderAsync("POST", "management-keys", """{"id":"settings","scopes":["read"]}""")).ErrorAsync(HttpStatusCode.BadRequest);
        await (await first.OrderAsync("POST", "management-keys", """{"id":"freeway","scopes":["read"]}""")).ErrorAsync(HttpStatusCode.BadRequest);
        (await first.OrderAsync("GET", "orgs")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Keys_AtTheWrongDoor_AreToldSo()
    {
        const string Old = "fw-a-secret-from-before-there-were-prefixes";
        await using var gateway = await TestGateway.StartAsync();
        using var first = gateway.Admin();
        var made = (await first.DoneAsync("POST", "management-keys", """{"id":"anna","scopes":["all"]}""")).GetProperty("secret").GetString();
        await gateway.Host.Services.GetRequiredService<IKeyStore>().SaveAsync(KeyHash.Of(Old), new Caller(new Org("old", "Old"), new ApiKey("old-key", "old", "old")), CancellationToken.None);

        foreach (var management in new[] { made, gateway.Host.AdminKey })
        {
            using var client = gateway.Client(management);
            using var chat = await gateway.ChatAsync("demo/echo:free", client: client);
            (await chat.ErrorAsync(HttpStatusCode.Forbidden)).GetProperty("code").GetString().ShouldBe("wrong_key_type");
            using var quota = await client.GetAsync("api/v1/quota");
            (await quota.ErrorAsync(HttpStatusCode.Forbidden)).GetProperty("code").GetString().ShouldBe("wrong_key_type");
            (await gateway.GetAsync("api/v1/key", client)).GetProperty("kind").GetString().ShouldBe("management");
        }

        foreach (var api in new[] { gateway.Host.ApiKey, Old })
        {
            using var client = gateway.Client(api);
            (await (await client.OrderAsync("GET", "orgs")).ErrorAsync(HttpStatusCode.Forbidden)).GetProperty("code").GetString().ShouldBe("wrong_key_type");
            (await client.GetAsync("api/v1/key")).StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        using var nobody = gateway.Client("nobody's");
        await (await nobody.OrderAsync("GET", "orgs")).ErrorAsync(HttpStatusCode.Unauthorized);
    }

    private static async Task CheckAsync(HttpResponseMessage response, bool opens, string scope)
    {
        if (opens)
        {
            response.IsSuccessStatusCode.ShouldBeTrue(await response.Content.ReadAsStringAsync());
            return;
        }

        var error = await response.ErrorAsync(HttpStatusCode.Forbidden);
        error.GetProperty("code").GetString().ShouldBe("insufficient_scope");
        error.GetProperty("message").GetString()!.ShouldContain($"'{scope}'");
    }
}
