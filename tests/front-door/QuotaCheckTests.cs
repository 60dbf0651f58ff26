using System.Net;
using System.Text.Json;
using Freeway.FrontDoor.Tests.Support;

namespace Freeway.FrontDoor.Tests;

/// <summary>"What callers see", <c>POST quota/check</c>: what would become of a request, and nothing is taken for the answer.</summary>
public sealed class QuotaCheckTests
{
    [Fact]
    public async Task Check_OfAFreeRequest_SaysWhatItWouldTakeAndTakesNothing()
    {
        await using var gateway = await TestGateway.StartAsync();

        for (var again = 0; again < 20; again++)
        {
            var check = await CheckAsync(gateway, Chat("demo/echo:free"));
            check.GetProperty("admitted").GetBoolean().ShouldBeTrue();
            check.GetProperty("tier").GetString().ShouldBe("free");
            check.GetProperty("reservation").GetRawText().ShouldBe("""[{"id":"fastrouter-free.daily","unit":"requests","amount":1}]""");
            check.GetProperty("estimate").GetProperty("cost_usd").GetString().ShouldBe("0.00");
        }

        gateway.Upstream.Received.ShouldBe(0);
        (await gateway.LedgerAsync("quota|")).ShouldAllBe(row => row.GetInt64("Used") == 0 && row.GetInt64("Reserved") == 0);
        (await gateway.LedgerAsync("request|")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Check_WithTheQuotaSpent_TellsTheRefusalThatWouldCome()
    {
        await using var gateway = await TestGateway.StartAsync();
        for (var i = 0; i < 10; i++)
        {
            using var admitted = await gateway.ChatAsync("demo/echo:free");
            admitted.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        using var refused = await gateway.ChatAsync("demo/echo:free");
        var error = await refused.ErrorAsync(HttpStatusCode.TooManyRequests);
        var check = await CheckAsync(gateway, Chat("demo/echo:free"));

        check.GetProperty("admitted").GetBoolean().ShouldBeFalse();
        var refusal = check.GetProperty("refusal");
        refusal.GetProperty("code").GetString().ShouldBe(error.GetProperty("code").GetString());
        refusal.GetProperty("message").GetString().ShouldBe(error.GetProperty("message").GetString());
        refusal.GetProperty("limit_source").GetString().ShouldBe("fastrouter-free.daily");
        refusal.GetProperty("reset_at").GetString().ShouldBe(error.GetProperty("reset_at").GetString());
    }

    [Fact]
    public async Task Check_OfAPaidRequest_NamesThePriceThatIsHeld()
    {
        await using var gateway = await TestGateway.StartAsync();

        var check = await CheckAsync(gateway, Chat("demo/echo", maxTokens: 10));

        check.GetProperty("tier").GetString().ShouldBe("paid");
        var held = check.GetProperty("reservation").EnumerateArray().Single(take => take.GetProperty("id").GetString() is "account");
        var cost = decimal.Parse(check.GetProperty("estimate").GetProperty("cost_usd").GetString()!, System.Globalization.CultureInfo.InvariantCulture);
        cost.ShouldBeGreaterThan(0);
        held.GetProperty("amount").GetDecimal().ShouldBe(cost);
        (await gateway.LeftAsync()).ShouldBe(5_000_000_000);
    }

    [Theory]
    [InlineData("""{"model":"demo/nothing","messages":[]}""", HttpStatusCode.NotFound, "model_not_found")]
    [InlineData("""{"model":"demo/echo:free:flex","messages":[]}""", HttpStatusCode.BadRequest, "conflicting_variants")]
    [InlineData("""{"model":"demo/echo:free"}""", HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("""{"model":""", HttpStatusCode.BadRequest, "invalid_json")]
    public async Task Check_OfARequestThatIsWrong_IsRefusedAsTheRequestWouldBe(string body, HttpStatusCode status, string code)
    {
        await using var gateway = await TestGateway.StartAsync();

        using var check = await gateway.PostAsync(body, path: "api/v1/quota/check");
        using var request = await gateway.PostAsync(body);

        var error = await check.ErrorAsync(status);
        error.GetProperty("code").GetString().ShouldBe(code);
        error.GetRawText().ShouldBe((await request.ErrorAsync(status)).GetRawText());
    }

    private static string Chat(string model, int maxTokens = 100) =>
        JsonSerializer.Serialize(new { model, max_tokens = maxTokens, messages = new[] { new { role = "user", content = "hello there" } } });

    private static async Task<JsonElement> CheckAsync(TestGateway gateway, string body)
    {
        using var response = await gateway.PostAsync(body, path: "api/v1/quota/check");
        var json = await response.JsonAsync();
        response.StatusCode.ShouldBe(HttpStatusCode.OK, json.GetRawText());
        return json;
    }
}
