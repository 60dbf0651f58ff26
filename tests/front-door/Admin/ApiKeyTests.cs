using System.Net;
using System.Text.Json;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Identity;

namespace Freeway.FrontDoor.Tests.Admin;

/// <summary>API keys as the operator makes and changes them.</summary>
public sealed class ApiKeyTests
{
    [Fact]
    public async Task Key_Created_WorksAtOnceAndShowsItsSecretOnce()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var admin = gateway.Admin();
        await admin.DoneAsync("POST", "orgs", """{"id":"acme"}""");

        using var created = await admin.OrderAsync("POST", "orgs/acme/keys", """{"id":"robot","label":"The robot's"}""", "key-1");
        var key = await created.JsonAsync();
        var secret = key.GetProperty("secret").GetString()!;
        using var caller = gateway.Client(secret);
        using var again = await admin.OrderAsync("POST", "orgs/acme/keys", """{"id":"robot","label":"The robot's"}""", "key-1");

        created.StatusCode.ShouldBe(HttpStatusCode.Created);
        created.Headers.Location!.ToString().ShouldBe("/api/v1/admin/orgs/acme/keys/robot");
        KeySecret.TypeOf(secret).ShouldBe(KeyType.Api);
        (await gateway.GetAsync("api/v1/key", caller)).GetProperty("label").GetString().ShouldBe("The robot's");
        again.StatusCode.ShouldBe(HttpStatusCode.Created);
        again.Header("x-freeway-idempotent").ShouldBe("replayed");
        var repeated = await again.JsonAsync();
        repeated.TryGetProperty("secret", out _).ShouldBeFalse();
        repeated.GetProperty("id").GetString().ShouldBe("robot");
        foreach (var shown in new[] { "orgs/acme/keys/robot", "orgs/acme/keys", "audit" })
        {
            var text = (await admin.DoneAsync("GET", shown)).GetRawText();
            text.ShouldNotContain(secret);
            text.ShouldNotContain(KeyHash.Of(secret).Hex);
        }
    }

    [Fact]
    public async Task Key_WithoutAnId_GetsOneAndARepeatGetsTheSame()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var admin = gateway.Admin();

        var first = await admin.DoneAsync("POST", "orgs/demo/keys", """{"label":"a"}""", "key-1");
        var again = await admin.DoneAsync("POST", "orgs/demo/keys", """{"label":"a"}""", "key-1");
        var other = await admin.DoneAsync("POST", "orgs/demo/keys", """{"label":"a"}""", "key-2");

        again.GetProperty("id").GetString().ShouldBe(first.GetProperty("id").GetString());
        other.GetProperty("id").GetString().ShouldNotBe(first.GetProperty("id").GetString());
        (await admin.DoneAsync("GET", "orgs/demo/keys")).GetProperty("data").GetArrayLength().ShouldBe(3);
    }

    [Fact]
    public async Task Key_OfOneIdByManyAtOnce_IsOneAndOnlyTheWinnersSecretOpens()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var admin = gateway.Admin();

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => admin.OrderAsync("POST", "orgs/demo/keys", """{"id":"robot"}""")));

        var winner = answers.Where(answer => answer.StatusCode is HttpStatusCode.Created).ShouldHaveSingleItem();
        answers.Count(answer => answer.StatusCode is HttpStatusCode.Conflict).ShouldBe(5);
        using var caller = gateway.Client((await winner.JsonAsync()).GetProperty("secret").GetString());
        (await gateway.GetAsync("api/v1/key", caller)).GetProperty("id").GetString().ShouldBe("robot");
        // Those who lost had written where their secrets lead to; none of these secrets is among the key's.
        var row = await gateway.Table(names => names.Keys).GetEntityAsync<Azure.Data.Tables.TableEntity>("key", "doc|demo|robot");
        using var document = JsonDocument.Parse(row.Value.GetString("Json"));
        document.RootElement.GetProperty("secrets").GetArrayLength().ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"disabled":true}""", HttpStatusCode.Forbidden, "key_disabled")]
    [InlineData("""{"deleted":true}""", HttpStatusCode.Unauthorized, "invalid_api_key")]
    [InlineData("""{"expires_at":"2026-05-29T12:00:10Z"}""", HttpStatusCode.Unauthorized, "invalid_api_key")]
    public async Task Key_TakenOutOfUse_IsDeadWithinThirtySecondsAndCanComeBack(string change, HttpStatusCode status, string code)
    {
        await using var gateway = await TestGateway.StartAsync();
        using var admin = gateway.Admin();
        using var caller = await gateway.NewOrgAsync(admin, "acme", """{"id":"robot"}""");
        await gateway.GetAsync("api/v1/key", caller);

        await admin.DoneAsync("PATCH", "orgs/acme/keys/robot", change);
        gateway.Clock.MoveOn(TimeSpan.FromSeconds(30));
        using (var refused = await gateway.ChatAsync("demo/echo:free", client: caller))
        {
            (await refused.ErrorAsync(status)).GetProperty("code").GetString().ShouldBe(code);
        }

        await admin.DoneAsync("PATCH", "orgs/acme/keys/robot", """{"disabled":false,"deleted":false,"expires_at":null}""");
        gateway.Clock.MoveOn(TimeSpan.FromSeconds(30));
        (await gateway.ChatAsync("demo/echo:free", client: caller)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Key_Deleted_IsLeftOutOfTheListAndItsIdIsNotGivenAgain()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var admin = gateway.Admin();
        using var caller = await gateway.NewOrgAsync(admin, "acme", """{"id":"robot"}""");

        (await admin.DoneAsync("DELETE", "orgs/acme/keys/robot")).TryGetProperty("deleted_at", out _).ShouldBeTrue();

        (await admin.DoneAsync("GET", "orgs/acme/keys")).GetProperty("data").GetArrayLength().ShouldBe(0);
        (await admin.DoneAsync("GET", "orgs/acme/keys?include=deleted")).GetProperty("data").GetArrayLength().ShouldBe(1);
        using var again = await admin.OrderAsync("POST", "orgs/acme/keys", """{"id":"robot"}""");
        await again.ErrorAsync(HttpStatusCode.Conflict);
        using var rotated = await admin.OrderAsync("POST", "orgs/acme/keys/robot/rotate");
        await rotated.ErrorAsync(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Rotate_WithAnOverlap_BothSecretsWorkAndThenOnlyTheNew()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var admin = gateway.Admin();
        using var old = await gateway.NewOrgAsync(admin, "acme", """{"id":"robot"}""");
        await gateway.GetAsync("api/v1/key", old);

        var rotated = await admin.DoneAsync("POST", "orgs/acme/keys/robot/rotate", """{"overlap_seconds":60}""");
        using var fresh = gateway.Client(rotated.GetProperty("secret").GetString());

        rotated.GetProperty("old_secrets_end").GetArrayLength().ShouldBe(1);
        (await gateway.GetAsync("api/v1/key", fresh)).GetProperty("id").GetString().ShouldBe("robot");
        (await gateway.GetAsync("api/v1/key", old)).GetProperty("id").GetString().ShouldBe("robot");
        gateway.Clock.MoveOn(TimeSpan.FromSeconds(35));
        (await gateway.GetAsync("api/v1/key", old)).GetProperty("id").GetString().ShouldBe("robot");
        gateway.Clock.MoveOn(TimeSpan.FromSeconds(25));
        using var ended = await old.GetAsync("api/v1/key");
        await ended.ErrorAsync(HttpStatusCode.Unauthorized);
        (await gateway.GetAsync("api/v1/key", fresh)).GetProperty("id").GetString().ShouldBe("robot");
        (await admin.DoneAsync("GET", "orgs/acme/keys/robot")).GetProperty("old_secrets_end").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Rotate_WithoutAnOverlap_EndsTheOldSecretWithinThirtySeconds()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var admin = gateway.Admin();
        using var old = await gateway.NewOrgAsync(admin, "acme", """{"id":"robot"}""");
        await gateway.GetAsync("api/v1/key", old);

        using var fresh = gateway.Client((await admin.DoneAsync("POST", "orgs/acme/keys/robot/rotate", """{"overlap_seconds":0}""")).GetProperty("secret").GetString());
        gateway.Clock.MoveOn(TimeSpan.FromSeconds(30));

        using var ended = await old.GetAsync("api/v1/key");
        await ended.ErrorAsync(HttpStatusCode.Unauthorized);
        (await gateway.GetAsync("api/v1/key", fresh)).GetProperty("id").GetString().ShouldBe("robot");
    }

    [Fact]
    public async Task Rotate_TwiceAtOnce_BothNewSecretsWorkAndWithOneETagOneIsRefused()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var admin = gateway.Admin();
        using var caller = await gateway.NewOrgAsync(admin, "acme", """{"id":"robot"}""");

        var rotated = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => admin.DoneAsync("POST", "orgs/acme/keys/robot/rotate")));

        foreach (var each in rotated)
        {
            using var fresh = gateway.Client(each.GetProperty("secret").GetString());
            (await gateway.GetAsync("api/v1/key", fresh)).GetProperty("id").GetString().ShouldBe("robot");
        }

        (await admin.DoneAsync("GET", "orgs/acme/keys/robot")).GetProperty("old_secrets_end").GetArrayLength().ShouldBe(3);
        using var read = await admin.OrderAsync("GET", "orgs/acme/keys/robot");
        var guarded = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => admin.OrderAsync("POST", "orgs/acme/keys/robot/rotate", "{}", ifMatch: read.Headers.ETag)));
        guarded.Select(each => each.StatusCode).Order().ShouldBe([HttpStatusCode.OK, HttpStatusCode.PreconditionFailed]);
    }

    [Fact]
    public async Task Rotate_RepeatedUnderItsIdempotencyKey_IsOneRotation()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var admin = gateway.Admin();
        using var caller = await gateway.NewOrgAsync(admin, "acme", """{"id":"robot"}""");
        var first = await admin.DoneAsync("POST", "orgs/acme/keys/robot/rotate", "{}", "rotate-1");

        var again = await admin.DoneAsync("POST", "orgs/acme/keys/robot/rotate", "{}", "rotate-1");

        first.TryGetProperty("secret", out _).ShouldBeTrue();
        again.TryGetProperty("secret", out _).ShouldBeFalse();
        again.GetProperty("old_secrets_end").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Rotate_TooOften_IsRefusedUntilOldSecretsEnd()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var admin = gateway.Admin();
        using var caller = await gateway.NewOrgAsync(admin, "acme", """{"id":"robot"}""");
        for (var i = 0; i < 9; i++)
        {
            await admin.DoneAsync("POST", "orgs/acme/keys/robot/rotate");
        }

        using var tooMany = await admin.OrderAsync("POST", "orgs/acme/keys/robot/rotate");

        await tooMany.ErrorAsync(HttpStatusCode.Conflict);
        (await admin.DoneAsync("POST", "orgs/acme/keys/robot/rotate", """{"overlap_seconds":0}""")).GetProperty("old_secrets_end").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task AllowedModels_OfAKey_AreAllThatItCanCallAndSee()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var admin = gateway.Admin();
        using var caller = await gateway.NewOrgAsync(admin, "acme", """{"allowed_models":["sarvam/*","!sarvam/sarvam-30b"]}""");

        using var refused = await gateway.ChatAsync("demo/echo:free", client: caller);
        using var auto = await gateway.ChatAsync("auto:free", client: caller);

        var error = await refused.ErrorAsync(HttpStatusCode.Forbidden);
        error.GetProperty("code").GetString().ShouldBe("model_not_allowed");
        error.GetProperty("param").GetString().ShouldBe("model");
        auto.StatusCode.ShouldBe(HttpStatusCode.OK);
        auto.Header("x-freeway-model").ShouldStartWith("sarvam/");
        auto.Header("x-freeway-model").ShouldNotBe("sarvam/sarvam-30b");
        (await gateway.GetAsync("api/v1/models", caller)).GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()!)
            .ShouldAllBe(id => id.StartsWith("sarvam/") && id != "sarvam/sarvam-30b");
        using var hidden = await caller.GetAsync("api/v1/models/demo/echo");
        await hidden.ErrorAsync(HttpStatusCode.Forbidden);
        (await gateway.LedgerAsync("quota|")).ShouldNotContain(row => row.PartitionKey == "acme" && row.RowKey.Contains("demo"), "nothing was taken for what was refused");
    }

    [Fact]
    public async Task Limits_OfAKey_BindItAloneBesideThePlansAndAreShown()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var admin = gateway.Admin();
        using var caller = await gateway.NewOrgAsync(admin, "acme", """{"id":"robot","limits":[{"unit":"requests","amount":2,"window":"day"},{"unit":"requests","amount":1,"window":"day","scope":"key_model","models":["sarvam/*"]}]}""");
        using var other = gateway.Client((await admin.DoneAsync("POST", "orgs/acme/keys", "{}")).GetProperty("secret").GetString());
        var quota = (await gateway.GetAsync("api/v1/quota", caller)).GetProperty("data").EnumerateArray().ToList();
        quota.Single(limit => limit.GetProperty("id").GetString() is "api_key.requests-per-day").GetProperty("limit").GetDecimal().ShouldBe(2);
        quota.Where(limit => limit.GetProperty("id").GetString() is "api_key.requests-per-day-per-model").ShouldNotBeEmpty();
        (await gateway.GetAsync("api/v1/key", caller)).GetProperty("limits").EnumerateArray().ShouldContain(limit => limit.GetProperty("id").GetString() == "api_key.requests-per-day");

        (await gateway.ChatAsync("demo/echo:free", client: caller)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await gateway.ChatAsync("sarvam/sarvam-30b:free", client: caller)).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var third = await gateway.ChatAsync("demo/echo:free", client: caller);

        var error = await third.ErrorAsync(HttpStatusCode.TooManyRequests);
        error.GetProperty("limit_source").GetString().ShouldBe("api_key.requests-per-day");
        error.GetProperty("message").GetString()!.ShouldStartWith("This key's own quota of 2 requests per day is used up.");
        error.GetProperty("suggestions").GetArrayLength().ShouldBe(0, "no other model helps, nor does paying");
        (await gateway.ChatAsync("demo/echo:free", client: other)).StatusCode.ShouldBe(HttpStatusCode.OK, "another key of the org has no such limit");
        var plans = (await gateway.GetAsync("api/v1/quota/demo/echo:free", other)).GetProperty("data")[0];
        (plans.GetProperty("used").GetDecimal() + plans.GetProperty("reserved").GetDecimal()).ShouldBe(2, "what was refused took nothing of the plan's limit");
    }

    [Fact]
    public async Task Limits_OfAKeyWithASpendCeiling_AreShownToTheOperatorAsToTheKey()
    {
        await using var gateway = await TestGateway.StartAsync(settings: TestCatalogue.Settings(new { models = new[] { TestCatalogue.Model("m") } }));
        using var admin = gateway.Admin();
        using var caller = await gateway.NewOrgAsync(admin, "acme", """{"id":"robot","monthly_ceiling_usd":"2.50"}""");
        await gateway.TopUpAsync("acme", "5");
        using var paid = await gateway.ChatAsync("m", client: caller);
        await paid.TextAsync();
        await gateway.ActivityAsync(caller, 1);

        var shown = (await admin.DoneAsync("GET", "orgs/acme/quota?key=robot")).GetProperty("data");

        shown.GetRawText().ShouldBe((await gateway.GetAsync("api/v1/quota", caller)).GetProperty("data").GetRawText());
        var ceiling = shown.EnumerateArray().Single(limit => limit.GetProperty("id").GetString() is "ceiling.key");
        ceiling.GetProperty("limit").GetDecimal().ShouldBe(2.5m);
        ceiling.GetProperty("used").GetDecimal().ShouldBeGreaterThan(0);
        ceiling.GetProperty("resets_at").GetDateTimeOffset().ShouldBe(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero));
        using var nobody = await admin.OrderAsync("GET", "orgs/acme/quota?key=nobody");
        (await nobody.ErrorAsync(HttpStatusCode.NotFound)).GetProperty("param").GetString().ShouldBe("key");
    }

    [Fact]
    public async Task Limits_InMoney_HoldPaidRequests()
    {
        await using var gateway = await TestGateway.StartAsync(settings: TestCatalogue.Settings(new { models = new[] { TestCatalogue.Model("m") } }));
        using var admin = gateway.Admin();
        using var caller = await gateway.NewOrgAsync(admin, "acme", """{"id":"robot","limits":[{"unit":"usd","amount":0.0001,"window":"day"}]}""");
        await gateway.TopUpAsync("acme", "5");

        using var tooDear = await gateway.PostAsync("""{"model":"m","max_tokens":100,"messages":[{"role":"user","content":"hello"}]}""", caller);
        using var cheap = await gateway.PostAsync("""{"model":"m","max_tokens":10,"messages":[{"role":"user","content":"hello"}]}""", caller);

        (await tooDear.ErrorAsync(HttpStatusCode.BadRequest)).GetProperty("limit_source").GetString().ShouldBe("api_key.usd-per-day");
        cheap.StatusCode.ShouldBe(HttpStatusCode.OK);
        cheap.Header("x-freeway-tier").ShouldBe("paid");
    }

    [Fact]
    public async Task RefusalStatusCeilingAndOverflow_OfAKey_AreShownToIt()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var admin = gateway.Admin();
        using var caller = await gateway.NewOrgAsync(admin, "acme", """{"refusal_status":402,"monthly_ceiling_usd":2.5,"overflow":"reject"}""");

        for (var i = 0; i < 10; i++)
        {
            (await gateway.ChatAsync("demo/echo:free", client: caller)).StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        using var spent = await gateway.ChatAsync("demo/echo:free", client: caller);

        ((int)spent.StatusCode).ShouldBe(402);
        var key = await gateway.GetAsync("api/v1/key", caller);
        key.GetProperty("refusal_status").GetInt32().ShouldBe(402);
        key.GetProperty("monthly_ceiling_usd").GetString().ShouldBe("2.50");
        key.GetProperty("overflow").GetString().ShouldBe("reject");
    }

    [Fact]
    public async Task Create_WithManyThingsWrong_NamesThemAll()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var admin = gateway.Admin();

        using var response = await admin.OrderAsync("POST", "orgs/demo/keys", """
            {"id":"a b","label":7,"expires_at":"2020-01-01T00:00:00Z","refusal_status":404,"allowed_models":["!x"],
             "limits":[{"unit":"requests","amount":1.5,"window":"day"},{"unit":"miles","amount":1},{"amount":1,"window":"day"},
                       {"unit":"concurrent_requests","amount":101,"window":"day","scope":"org","colour":"red"}]}
            """);

        var error = await response.ErrorAsync(HttpStatusCode.BadRequest);
        error.GetProperty("errors").EnumerateArray().Select(one => one.GetProperty("param").GetString()).Distinct().ShouldBe(
            ["id", "label", "expires_at", "refusal_status", "allowed_models", "limits[0].amount", "limits[1].unit", "limits[1].window", "limits[2].unit",
             "limits[3].amount", "limits[3].window", "limits[3].scope", "limits[3].colour"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("orgs/demo/keys")]
    [InlineData("orgs")]
    public async Task Create_WithAnIdLikeAnEndUsers_IsRefusedByName(string path)
    {
        await using var gateway = await TestGateway.StartAsync();
        using var admin = gateway.Admin();

        using var response = await admin.OrderAsync("POST", path, """{"id":"eu_0123456789abcdef0123456789abcdef"}""");

        var error = await response.ErrorAsync(HttpStatusCode.BadRequest);
        error.GetProperty("errors")[0].GetProperty("param").GetString().ShouldBe("id");
    }

    [Fact]
    public async Task Limits_OfOneName_CannotComeToCountSomethingElse()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var admin = gateway.Admin();
        using var caller = await gateway.NewOrgAsync(admin, "acme", """{"id":"robot","limits":[{"name":"mine","unit":"requests","amount":5,"window":"day"}]}""");

        using var other = await admin.OrderAsync("PATCH", "orgs/acme/keys/robot", """{"limits":[{"name":"mine","unit":"tokens","amount":5,"window":"day"}]}""");
        using var twice = await admin.OrderAsync("PATCH", "orgs/acme/keys/robot", """{"limits":[{"unit":"requests","amount":5,"window":"day"},{"unit":"requests","amount":6,"window":"day"}]}""");
        var more = await admin.DoneAsync("PATCH", "orgs/acme/keys/robot", """{"limits":[{"name":"mine","unit":"requests","amount":6,"window":"day"}]}""");

        await other.ErrorAsync(HttpStatusCode.BadRequest);
        await twice.ErrorAsync(HttpStatusCode.BadRequest);
        more.GetProperty("limits")[0].GetProperty("amount").GetDecimal().ShouldBe(6);
        (await admin.DoneAsync("PATCH", "orgs/acme/keys/robot", """{"limits":null}""")).GetProperty("limits").GetArrayLength().ShouldBe(0);
    }
}
