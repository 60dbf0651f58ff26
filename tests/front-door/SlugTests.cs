using System.Net;
using System.Text.Json.Nodes;
using Freeway.FrontDoor.Tests.Support;

namespace Freeway.FrontDoor.Tests;

/// <summary>"What must work", 2: slugs behave as contract §1 says.</summary>
public sealed class SlugTests
{
    [Theory]
    [InlineData("acme/saga:v3:free", "acme/saga:v3", "saga:v3", "free")]
    [InlineData("acme/saga:v3:FREE", "acme/saga:v3", "saga:v3", "free")]
    [InlineData("demo/echo:Free", "demo/echo", "echo", "free")]
    [InlineData("acme/saga:v3", "acme/saga:v3", "saga:v3", "paid")]
    [InlineData("demo/echo:flex", "demo/echo", "echo", "paid")]
    public async Task Slug_ThatNamesAModel_SendsTheUpstreamItsBareName(string slug, string model, string upstreamModel, string tier)
    {
        await using var gateway = await TestGateway.StartAsync(settings: TestCatalogue.Settings(new
        {
            presets = new[] { "fastrouter" },
            models = new[] { Model("demo/echo", "echo"), Model("acme/saga:v3", "saga:v3") },
        }));

        using var response = await gateway.ChatAsync(slug);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Header("x-freeway-model").ShouldBe(model);
        response.Header("x-freeway-tier").ShouldBe(tier);
        gateway.Upstream.Requests.ShouldHaveSingleItem().Chat!.Model.ShouldBe(upstreamModel);
    }

    [Theory]
    [InlineData("demo/echo:free:flex", HttpStatusCode.BadRequest, "conflicting_variants")]
    [InlineData("demo/echo:flex:free", HttpStatusCode.BadRequest, "conflicting_variants")]
    [InlineData("demo/echo:free:free", HttpStatusCode.BadRequest, "conflicting_variants")]
    [InlineData("demo/paid:free", HttpStatusCode.BadRequest, "free_slug_not_enabled")]
    [InlineData("demo/paid:flex", HttpStatusCode.BadRequest, "flex_slug_not_enabled")]
    [InlineData("demo/nobody", HttpStatusCode.NotFound, "model_not_found")]
    [InlineData("demo/nobody:free", HttpStatusCode.NotFound, "model_not_found")]
    [InlineData("Demo/Echo:free", HttpStatusCode.NotFound, "model_not_found")]
    [InlineData("demo/off", HttpStatusCode.NotFound, "model_not_found")]
    [InlineData("demo/off:free", HttpStatusCode.NotFound, "model_not_found")]
    [InlineData(":free", HttpStatusCode.NotFound, "model_not_found")]
    [InlineData("", HttpStatusCode.BadRequest, "invalid_request")]
    public async Task Slug_ThatIsNoGood_IsRefusedWithNothingTaken(string slug, HttpStatusCode status, string code)
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.ChatAsync(slug);

        var error = await response.ErrorAsync(status);
        error.GetProperty("code").GetString().ShouldBe(code);
        error.GetProperty("type").GetString().ShouldBe("invalid_request_error");
        error.GetProperty("param").GetString().ShouldBe("model");
        gateway.Upstream.Received.ShouldBe(0);
        (await gateway.LedgerAsync("request|")).ShouldBeEmpty();
    }

    private static JsonObject Model(string id, string upstreamModel) => TestCatalogue.Model(id, new
    {
        free = new { enabled = true, plan = "fastrouter-free" },
        flex_percent = 50,
        routes = new[] { new { upstream = "loopback", model = upstreamModel } },
    });

    [Fact]
    public async Task Slug_NotEnabled_SaysWhatTheReferenceSays()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.ChatAsync("demo/paid:free");

        (await response.ErrorAsync(HttpStatusCode.BadRequest)).GetProperty("message").GetString().ShouldBe(
            "The :free slug is not available for this model. Use the standard model ID or check the model catalog for supported free models.");
    }

    [Fact]
    public async Task Slug_OfFiveThousandColons_IsRefusedClearly()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.ChatAsync(new string(':', 5000));

        (await response.ErrorAsync(HttpStatusCode.BadRequest)).GetProperty("param").GetString().ShouldBe("model");
    }
}
