using System.Globalization;
using System.Net;
using System.Text.Json;
using Freeway.FrontDoor.Tests.Support;
using Freeway.FrontDoor.Tests.Surfaces;

namespace Freeway.FrontDoor.Tests.Messages;

/// <summary>Refusals of the Messages API: Anthropic's shape and types, our fields beside.</summary>
public sealed class MessagesRefusalTests
{
    private const string Echo = "demo/echo:free";

    [Fact]
    public async Task SpentQuota_IsARateLimitErrorWithOurFieldsAndTheHeadersThatStopClients()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.SpendAsync(Echo);

        using var response = await gateway.MessageAsync(MessagesCalls.Body(model: Echo));

        response.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        var body = await response.JsonAsync();
        (body.Text("type"), body.Text("request_id")).ShouldBe(("error", response.Header("request-id")));
        var error = body.GetProperty("error");
        (error.Text("type"), error.Text("code"), error.Count("quota_limit"), error.Count("quota_used"), error.Text("reset_at"))
            .ShouldBe(("rate_limit_error", "free_quota_exceeded", 10, 10, gateway.NextMidnight()));
        error.GetProperty("suggestions")[0].GetString().ShouldBe("demo/echo");
        response.Header("x-should-retry").ShouldBe("false");
        var left = DateTimeOffset.Parse(gateway.NextMidnight(), CultureInfo.InvariantCulture) - gateway.Now;
        response.Headers.RetryAfter!.Delta!.Value.ShouldBe(left, TimeSpan.FromMinutes(6));
        response.Header("request-id").ShouldBe(response.Header("x-request-id"));
        gateway.Upstream.Received.ShouldBe(10);
    }

    [Theory]
    [InlineData("""{"model":"demo/echo:free","messages":[]}""", 400, "invalid_request_error", "invalid_request", "max_tokens")]
    [InlineData("""{"model":"demo/echo:free","max_tokens":null,"messages":[]}""", 400, "invalid_request_error", "invalid_request", "max_tokens")]
    [InlineData("""{"model":"demo/echo:free","max_tokens":0,"messages":[]}""", 400, "invalid_request_error", "invalid_request", "max_tokens")]
    [InlineData("""{"model":"demo/echo:free","max_tokens":9,"messages":"a"}""", 400, "invalid_request_error", "invalid_request", "messages")]
    [InlineData("""{"model":"demo/echo:free:flex","max_tokens":9,"messages":[]}""", 400, "invalid_request_error", "conflicting_variants", "model")]
    [InlineData("""{"model":"demo/paid:free","max_tokens":9,"messages":[]}""", 400, "invalid_request_error", "free_slug_not_enabled", "model")]
    [InlineData("""{"model":"demo/nobody","max_tokens":9,"messages":[]}""", 404, "not_found_error", "model_not_found", "model")]
    [InlineData("""{"model":"sarvam/bulbul:v2","max_tokens":9,"messages":[]}""", 400, "invalid_request_error", "invalid_request", "model")]
    [InlineData("{", 400, "invalid_request_error", "invalid_json", null)]
    public async Task Request_ThatIsWrong_IsRefusedBeforeAnythingIsTaken(string json, int status, string type, string code, string? param)
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.MessageAsync(json);

        var error = await response.ErrorAsync((HttpStatusCode)status);
        (error.Text("type"), error.Text("code")).ShouldBe((type, code));
        (error.TryGetProperty("param", out var named) ? named.GetString() : null).ShouldBe(param);
        gateway.Upstream.Received.ShouldBe(0);
        (await gateway.FreeLeftAsync(Echo)).ShouldBe(10);
    }

    [Fact]
    public async Task Key_ThatIsUnknown_IsAnAuthenticationError()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var stranger = gateway.Client("nobody");

        using var response = await gateway.PostAsync(MessagesCalls.Body(model: Echo), stranger, "api/v1/messages");

        (await response.ErrorAsync(HttpStatusCode.Unauthorized)).Text("type").ShouldBe("authentication_error");
    }

    [Fact]
    public async Task Key_ThatIsDisabled_IsAPermissionError()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var closed = gateway.Client(await gateway.NewKeyAsync("closed", disabled: true));

        using var response = await gateway.PostAsync(MessagesCalls.Body(model: Echo), closed, "api/v1/messages");

        (await response.ErrorAsync(HttpStatusCode.Forbidden)).Text("type").ShouldBe("permission_error");
    }

    [Fact]
    public async Task Account_WithoutCredit_IsABillingError()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var poor = gateway.Client(await gateway.NewKeyAsync("poor"));

        using var response = await gateway.PostAsync(MessagesCalls.Body(model: "demo/echo"), poor, "api/v1/messages");

        (await response.ErrorAsync(HttpStatusCode.PaymentRequired)).Text("type").ShouldBe("billing_error");
    }

    [Fact]
    public async Task Body_ThatIsTooLarge_IsTooLargeInAnthropicsWord()
    {
        await using var gateway = await TestGateway.StartAsync(settings: new Dictionary<string, string?> { ["Freeway:MaxRequestBytes"] = "65536" });

        using var response = await gateway.MessageAsync(MessagesCalls.Body(new string('a', 70_000), model: Echo));

        (await response.ErrorAsync(HttpStatusCode.RequestEntityTooLarge)).Text("type").ShouldBe("request_too_large");
    }

    [Fact]
    public async Task Method_ThatIsAnother_IsRefusedInTheSameShape()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.Http.GetAsync("api/v1/messages");

        (await response.ErrorAsync(HttpStatusCode.MethodNotAllowed)).Text("type").ShouldBe("invalid_request_error");
    }

    [Fact]
    public async Task Upstream_OutOfReach_IsAnApiErrorAndTakesNothing()
    {
        await using var gateway = await TestGateway.StartAsync(settings: MessagesCalls.Settings(TestGateway.UnreachableAddress, "messages"));

        using var response = await gateway.MessageAsync(MessagesCalls.Body());

        (await response.ErrorAsync(HttpStatusCode.BadGateway)).Text("type").ShouldBe("api_error");
        (await gateway.FreeLeftAsync()).ShouldBe(100);
    }

    [Fact]
    public async Task Header_ThatNoUpstreamCouldBeSent_IsRefused()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.MessageAsync(MessagesCalls.Body(model: Echo), ("anthropic-beta", new string('b', 2001)));

        (await response.ErrorAsync(HttpStatusCode.BadRequest)).Text("param").ShouldBe("anthropic-beta");
    }

    [Fact]
    public async Task Cap_OnTheOutput_NamesMaxTokens()
    {
        var settings = TestCatalogue.Settings(new
        {
            plans = new
            {
                free = new
                {
                    limits = new[] { new { name = "a-day", unit = "requests", amount = 10, window = "day", scope = "org" } },
                    caps = new[] { new { output_tokens = 50 } },
                },
            },
            models = new[] { TestCatalogue.Model("acme/model", new { free = new { enabled = true, plan = "free" } }) },
        });
        await using var gateway = await TestGateway.StartAsync(settings: settings);

        using var response = await gateway.MessageAsync(MessagesCalls.Body());

        var error = await response.ErrorAsync(HttpStatusCode.BadRequest);
        (error.Text("code"), error.Text("param"), error.Count("cap")).ShouldBe(("cap_exceeded", "max_tokens", 50));
    }

    [Fact]
    public async Task Check_OfAMessage_SaysWhatItWouldTake()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.PostAsync(
            MessagesCalls.Body(model: Echo), path: "api/v1/quota/check", headers: [("x-freeway-endpoint", "messages")]);

        var check = await response.JsonAsync();
        check.GetProperty("admitted").GetBoolean().ShouldBeTrue();
        check.GetProperty("estimate").Count("output_tokens").ShouldBe(100);
    }
}
