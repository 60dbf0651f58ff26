using System.Net;
using System.Text;
using System.Text.Json;
using Freeway.FrontDoor.Tests.Support;

namespace Freeway.FrontDoor.Tests;

/// <summary>"What callers see", credits: what was bought and is left, and how the operator adds to it.</summary>
public sealed class CreditsTests
{
    [Fact]
    public async Task TopUp_ByTheOperator_ShowsInTheOrgsCredits()
    {
        await using var gateway = await TestGateway.StartAsync();
        (await gateway.GetAsync("api/v1/credits")).GetRawText()
            .ShouldBe("""{"object":"credits","bought_usd":"5.00","spent_usd":"0.00","held_usd":"0.00","left_usd":"5.00"}""");

        using var response = await TopUpAsync(gateway, """{"org": "demo", "usd": "5.00"}""");

        var credits = await response.JsonAsync();
        response.StatusCode.ShouldBe(HttpStatusCode.OK, credits.GetRawText());
        credits.GetProperty("object").GetString().ShouldBe("credits");
        credits.GetProperty("bought_usd").GetString().ShouldBe("10.00");
        (await gateway.GetAsync("api/v1/credits")).GetRawText().ShouldBe(credits.GetRawText());
    }

    [Fact]
    public async Task TopUp_SentAgainWithItsKey_CountsOnce()
    {
        await using var gateway = await TestGateway.StartAsync();
        for (var i = 0; i < 3; i++)
        {
            using var again = await TopUpAsync(gateway, """{"org": "demo", "usd": 1.5}""", "invoice-1");
            again.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        using var another = await TopUpAsync(gateway, """{"usd": "1.000000001", "org": "demo"}""", "invoice-2");

        (await another.JsonAsync()).GetProperty("bought_usd").GetString().ShouldBe("7.500000001");
    }

    [Fact]
    public async Task TopUp_OfAnOrgThatPays_IsLessenedByWhatItsRequestsCost()
    {
        await using var gateway = await TestGateway.StartAsync();
        using (await TopUpAsync(gateway, """{"org": "demo", "usd": 2}"""))
        {
        }

        using var paid = await gateway.ChatAsync("demo/echo", "four words of text");
        paid.StatusCode.ShouldBe(HttpStatusCode.OK);
        await paid.Content.ReadAsStringAsync();

        var cost = Usd((await gateway.ActivityAsync(1))[0], "cost_usd");
        cost.ShouldBeGreaterThan(0);
        var credits = await Eventually.GetAsync(() => gateway.GetAsync("api/v1/credits"), seen => Usd(seen, "spent_usd") > 0 && Usd(seen, "held_usd") is 0);
        Usd(credits, "spent_usd").ShouldBe(cost);
        Usd(credits, "left_usd").ShouldBe(7 - cost);
    }

    [Theory]
    [InlineData("""{"usd": "5.00"}""", "org")]
    [InlineData("""{"org": 7, "usd": "5.00"}""", "org")]
    [InlineData("""{"org": "", "usd": "5.00"}""", "org")]
    [InlineData("""{"org": "demo"}""", "usd")]
    [InlineData("""{"org": "demo", "usd": null}""", "usd")]
    [InlineData("""{"org": "demo", "usd": 0}""", "usd")]
    [InlineData("""{"org": "demo", "usd": "-5"}""", "usd")]
    [InlineData("""{"org": "demo", "usd": 1e3}""", "usd")]
    [InlineData("""{"org": "demo", "usd": "five"}""", "usd")]
    [InlineData("""{"org": "demo", "usd": "1.0000000001"}""", "usd")]
    [InlineData("""{"org": "demo", "usd": 10000000000}""", "usd")]
    [InlineData("""{"org": "demo", "usd": "５"}""", "usd")]
    [InlineData("null", "org")]
    public async Task TopUp_WithAFieldThatIsWrong_NamesIt(string body, string param)
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await TopUpAsync(gateway, body);

        var error = await response.ErrorAsync(HttpStatusCode.BadRequest);
        error.GetProperty("code").GetString().ShouldBe("invalid_request");
        error.GetProperty("param").GetString().ShouldBe(param);
    }

    [Theory]
    [InlineData("{\"org\": \"demo\", \"usd\": ")]
    [InlineData("""{"org": "demo", "usd": 1, "usd": 2}""")]
    [InlineData("[]")]
    [InlineData("")]
    public async Task TopUp_ThatIsNoJsonObject_IsInvalidJson(string body)
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await TopUpAsync(gateway, body);

        (await response.ErrorAsync(HttpStatusCode.BadRequest)).GetProperty("code").GetString().ShouldBe("invalid_json");
    }

    [Theory]
    [InlineData(null)]
    [InlineData(201)]
    public async Task TopUp_WithoutAnIdempotencyKeyOfItsOwn_IsRefused(int? length)
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await TopUpAsync(gateway, """{"org": "demo", "usd": 1}""", length is { } count ? new string('x', count) : null);

        (await response.ErrorAsync(HttpStatusCode.BadRequest)).GetProperty("param").GetString().ShouldBe("Idempotency-Key");
    }

    [Fact]
    public async Task TopUp_OfAnUnknownOrg_IsNotFound()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await TopUpAsync(gateway, """{"org": "nobody", "usd": 1}""");

        (await response.ErrorAsync(HttpStatusCode.NotFound)).GetProperty("code").GetString().ShouldBe("not_found");
    }

    [Fact]
    public async Task TopUp_ByACaller_IsNotForThem()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await TopUpAsync(gateway, """{"org": "demo", "usd": 1}""", client: gateway.Http);

        await response.ErrorAsync(HttpStatusCode.Forbidden);
        (await gateway.GetAsync("api/v1/credits")).GetProperty("bought_usd").GetString().ShouldBe("5.00");
    }

    internal static async Task<HttpResponseMessage> TopUpAsync(TestGateway gateway, string body, string? id = "invoice-1", HttpClient? client = null)
    {
        using var admin = gateway.Client(gateway.Host.AdminKey!);
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/admin/credits") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (id is not null)
        {
            request.Headers.Add("Idempotency-Key", id);
        }

        return await (client ?? admin).SendAsync(request);
    }

    private static decimal Usd(JsonElement json, string name) =>
        decimal.Parse(json.GetProperty(name).GetString()!, System.Globalization.CultureInfo.InvariantCulture);
}
