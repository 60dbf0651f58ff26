using System.Globalization;
using System.Net;
using System.Text.Json;
using Freeway.FrontDoor.Tests.Support;

namespace Freeway.FrontDoor.Tests;

/// <summary>"What must work", 3: the quota entity, the activity record, the Free badge, what is left.</summary>
public sealed class LookUpTests
{
    [Fact]
    public async Task Quota_InTableStorage_IsLegible()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.SpendAsync("sarvam/sarvam-30b:free", times: 2);

        var row = await Eventually.GetAsync(
            async () => (await gateway.LedgerAsync("quota|fastrouter")).Single(), seen => seen.GetInt64("Used") is 2);

        row.PartitionKey.ShouldBe(gateway.Org);
        row.RowKey.ShouldBe("quota|fastrouter-free.daily|sarvam!2fsarvam-30b");
        row.GetString("Window").ShouldBe(gateway.Now.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        row.GetInt64("Limit").ShouldBe(10);
        row.GetInt64("Reserved").ShouldBe(0);
        row.GetDateTimeOffset("ResetAt").ShouldBe(new DateTimeOffset(gateway.Now.UtcDateTime.Date.AddDays(1), TimeSpan.Zero));
    }

    [Fact]
    public async Task Activity_OfAFreeRequest_ShowsAsFreeAtNoCost()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var response = await gateway.ChatAsync("demo/echo:FREE", "four words of text");
        await response.Content.ReadAsStringAsync();

        var record = (await gateway.ActivityAsync(1)).ShouldHaveSingleItem();

        record.GetProperty("id").GetString().ShouldBe(response.Header("x-request-id"));
        record.GetProperty("tier").GetString().ShouldBe("free");
        record.GetProperty("cost_usd").GetString().ShouldBe("0.00");
        record.GetProperty("slug").GetString().ShouldBe("demo/echo:FREE");
        record.GetProperty("model").GetString().ShouldBe("demo/echo");
        record.GetProperty("variant").GetString().ShouldBe("free");
        record.GetProperty("status").GetInt32().ShouldBe(200);
        record.GetProperty("org").GetString().ShouldBe(gateway.Org);
        record.GetProperty("upstream").GetString().ShouldBe("loopback");
        record.GetProperty("upstream_request_id").GetString()!.ShouldStartWith("req_loopback");
        record.GetProperty("completion_tokens").GetInt64().ShouldBeGreaterThan(0);
        record.GetProperty("gifted_tokens").GetInt64().ShouldBe(record.GetProperty("total_tokens").GetInt64());
        record.GetProperty("billed_tokens").GetInt64().ShouldBe(0);
        record.GetProperty("estimated").GetBoolean().ShouldBeFalse();
        record.GetRawText().ShouldNotContain("four words");
        (await Eventually.GetAsync(() => gateway.LedgerAsync("request|"), rows => rows.Count is 0)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Activity_OfAPaidRequest_CostsWhatTheTokensCost()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var standard = await gateway.ChatAsync("demo/echo", "four words of text");
        await standard.Content.ReadAsStringAsync();
        using var flex = await gateway.ChatAsync("demo/echo:flex", "four words of text");
        await flex.Content.ReadAsStringAsync();

        var records = await gateway.ActivityAsync(2);

        var paid = records.Single(record => !record.TryGetProperty("variant", out _));
        var nanos = (paid.GetProperty("prompt_tokens").GetInt64() * 100) + (paid.GetProperty("completion_tokens").GetInt64() * 400);
        decimal.Parse(paid.GetProperty("cost_usd").GetString()!, System.Globalization.CultureInfo.InvariantCulture).ShouldBe(nanos / 1_000_000_000m);
        paid.GetProperty("tier").GetString().ShouldBe("paid");
        paid.GetProperty("billed_tokens").GetInt64().ShouldBe(paid.GetProperty("total_tokens").GetInt64());
        var half = records.Single(record => record.TryGetProperty("variant", out var variant) && variant.GetString() is "flex");
        decimal.Parse(half.GetProperty("cost_usd").GetString()!, System.Globalization.CultureInfo.InvariantCulture).ShouldBe(nanos / 2_000_000_000m);
    }

    [Fact]
    public async Task Activity_Filtered_ShowsWhatWasAskedForPageByPage()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.SpendAsync("demo/echo:free", times: 3);
        await gateway.SpendAsync("demo/paid", times: 1);
        await gateway.ActivityAsync(4);

        (await gateway.ActivityAsync(1, "?tier=Paid")).ShouldHaveSingleItem().GetProperty("model").GetString().ShouldBe("demo/paid");
        (await gateway.ActivityAsync(3, "?model=demo/echo")).Count.ShouldBe(3);
        var first = await gateway.GetAsync("api/v1/activity?limit=3");
        var rest = await gateway.GetAsync($"api/v1/activity?limit=3&cursor={first.GetProperty("next_cursor").GetString()}");
        first.GetProperty("data").GetArrayLength().ShouldBe(3);
        rest.GetProperty("data").GetArrayLength().ShouldBe(1);
        using var wrong = await gateway.Http.GetAsync("api/v1/activity?limit=0");
        (await wrong.ErrorAsync(HttpStatusCode.BadRequest)).GetProperty("param").GetString().ShouldBe("limit");
    }

    [Fact]
    public async Task Models_ForTheCallingKey_ShowTheFreeBadgeAndWhatIsLeft()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.SpendAsync("demo/echo:free", times: 4);

        var models = (await gateway.GetAsync("api/v1/models")).GetProperty("data").EnumerateArray().ToDictionary(model => model.GetProperty("id").GetString()!);

        models.Keys.ShouldNotContain("demo/off");
        var free = models["demo/echo"].GetProperty("free");
        free.GetProperty("enabled").GetBoolean().ShouldBeTrue();
        free.GetProperty("slug").GetString().ShouldBe("demo/echo:free");
        free.GetProperty("plan").GetString().ShouldBe("fastrouter-free");
        free.GetProperty("limits")[0].GetProperty("remaining").GetInt64().ShouldBe(6);
        models["demo/paid"].GetProperty("free").GetProperty("enabled").GetBoolean().ShouldBeFalse();
        models["demo/echo"].GetProperty("pricing").GetProperty("prompt").GetString().ShouldBe("0.0000001");
        models["demo/echo"].GetProperty("variants").EnumerateArray().Select(variant => variant.GetString()).ShouldBe(["free", "flex"]);
        Surfaces(models["demo/echo"]).ShouldBe(
            ["chat/completions", "completions", "responses", "messages", "embeddings", "images/generations", "audio/speech",
                "audio/transcriptions", "audio/translations", "moderations"],
            ignoreOrder: true);
        Surfaces(models["sarvam/saaras:v3"]).ShouldBe(["audio/transcriptions", "audio/translations"]);
    }

    private static IEnumerable<string?> Surfaces(JsonElement model) =>
        model.GetProperty("surfaces").EnumerateArray().Select(surface => surface.GetString());

    [Theory]
    [InlineData("demo/echo", """{"prompt":"0.0000001","completion":"0.0000004"}""")]
    [InlineData("sarvam/saaras:v3", """{"prompt":"0","completion":"0","audio_minute":"0.006"}""")]
    [InlineData("sarvam/bulbul:v2", """{"prompt":"0","completion":"0","character":"0.000018"}""")]
    public async Task Model_ByItsId_ShowsWhatItsUnitsCost(string id, string pricing)
    {
        await using var gateway = await TestGateway.StartAsync();

        (await gateway.GetAsync($"api/v1/models/{id}")).GetProperty("pricing").GetRawText().ShouldBe(pricing);
    }

    [Theory]
    [InlineData("api/v1/models/sarvam/saaras:v3")]
    [InlineData("api/v1/models/sarvam%2Fsaaras%3Av3")]
    [InlineData("api/v1/models/sarvam/saaras:v3:free")]
    public async Task Model_ByItsId_PlainOrEncoded_IsFound(string path)
    {
        await using var gateway = await TestGateway.StartAsync();

        (await gateway.GetAsync(path)).GetProperty("id").GetString().ShouldBe("sarvam/saaras:v3");
    }

    [Fact]
    public async Task Quota_AskedFor_ShowsEveryLimitAndTakesNothing()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.SpendAsync("demo/echo:free", times: 1);

        for (var i = 0; i < 20; i++)
        {
            await gateway.GetAsync("api/v1/quota");
        }

        var limits = (await gateway.GetAsync("api/v1/quota")).GetProperty("data").EnumerateArray().ToList();
        limits.Count.ShouldBe(6);
        limits.Count(limit => limit.GetProperty("kind").GetString() is "hard").ShouldBe(5);
        limits.Single(limit => limit.GetProperty("kind").GetString() is "paid").GetProperty("id").GetString().ShouldBe("account");
        var echo = (await gateway.GetAsync("api/v1/quota/demo%2Fecho:free")).GetProperty("data")[0];
        echo.GetProperty("remaining").GetInt64().ShouldBe(9);
        echo.GetProperty("limit").GetInt64().ShouldBe(10);
        echo.GetProperty("unit").GetString().ShouldBe("requests");
        echo.GetProperty("window").GetString().ShouldBe("day");
        echo.GetProperty("window_id").GetString().ShouldBe(gateway.Now.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        echo.GetProperty("scope").GetString().ShouldBe("org_model");
        echo.GetProperty("resets_at").GetString().ShouldBe(gateway.NextMidnight());
        var bare = (await gateway.GetAsync("api/v1/quota/demo/echo")).GetProperty("data").EnumerateArray().ShouldHaveSingleItem();
        bare.GetProperty("id").GetString().ShouldBe("account");
        bare.GetProperty("unit").GetString().ShouldBe("usd");
    }

    [Fact]
    public async Task Health_OfAWholeGateway_IsReady()
    {
        await using var gateway = await TestGateway.StartAsync();

        (await gateway.GetAsync("health/live")).GetProperty("status").GetString().ShouldBe("ok");
        var ready = await gateway.GetAsync("health/ready");
        ready.GetProperty("checks").GetProperty("table").GetString().ShouldBe("ok");
        ready.GetProperty("checks").GetProperty("queue").GetString().ShouldBe("ok");
        ready.GetProperty("checks").GetProperty("catalogue").GetString().ShouldBe("ok");
    }
}
