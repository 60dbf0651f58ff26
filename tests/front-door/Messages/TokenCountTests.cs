using System.Net;
using System.Text.Json;
using Freeway.FrontDoor.Tests.Support;
using Freeway.FrontDoor.Tests.Surfaces;

namespace Freeway.FrontDoor.Tests.Messages;

/// <summary><c>messages/count_tokens</c>: an estimate that takes nothing.</summary>
public sealed class TokenCountTests
{
    private const string Path = "api/v1/messages/count_tokens";

    [Fact]
    public async Task Count_OfAPrompt_GrowsWithItAndTakesNothing()
    {
        await using var gateway = await TestGateway.StartAsync();

        var little = await CountAsync(gateway, Body("hello there"));
        var much = await CountAsync(gateway, Body(string.Concat(Enumerable.Repeat("hello there ", 500))));

        little.ShouldBeInRange(2, 60);
        much.ShouldBeInRange(1000, 1300);
        (await gateway.FreeLeftAsync("demo/echo:free")).ShouldBe(10);
        gateway.Upstream.Received.ShouldBe(0);
    }

    [Theory]
    [InlineData(""" "system":"You are brief and to the point, whatever you are asked." """)]
    [InlineData(""" "tools":[{"name":"look_up","description":"Looks up a word in the dictionary.","input_schema":{"type":"object"}}]""")]
    public async Task Count_OfWhatElseReachesTheModel_IsInIt(string members)
    {
        await using var gateway = await TestGateway.StartAsync();

        var more = await CountAsync(gateway, Body("hello there")[..^1] + "," + members + "}");

        more.ShouldBeGreaterThan(await CountAsync(gateway, Body("hello there")) + 8);
    }

    [Fact]
    public async Task Count_OfAnImage_IsThatOfAnImageNotOfItsBytes()
    {
        await using var gateway = await TestGateway.StartAsync();
        var image = """{"model":"demo/echo:free","messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"DATA"}}]}]}"""
            .Replace("DATA", new string('A', 40_000), StringComparison.Ordinal);

        (await CountAsync(gateway, image)).ShouldBeInRange(1400, 1600);
    }

    [Fact]
    public async Task Count_OfAnyFreeModel_IsAnswered()
    {
        await using var gateway = await TestGateway.StartAsync();

        (await CountAsync(gateway, Body("hello there", "auto:free"))).ShouldBeGreaterThan(2);
    }

    [Theory]
    [InlineData("demo/nobody", 404, "not_found_error", "model_not_found")]
    [InlineData("demo/paid:free", 400, "invalid_request_error", "free_slug_not_enabled")]
    [InlineData("sarvam/bulbul:v2", 400, "invalid_request_error", "invalid_request")]
    public async Task Count_ForAModelThatCannotAnswer_IsRefused(string model, int status, string type, string code)
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.PostAsync(Body("hello there", model), path: Path);

        var error = await response.ErrorAsync((HttpStatusCode)status);
        (error.Text("type"), error.Text("code")).ShouldBe((type, code));
    }

    [Fact]
    public async Task Count_WithoutAKey_IsAnAuthenticationError()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var stranger = gateway.Client(null);

        using var response = await gateway.PostAsync(Body("hello"), stranger, Path);

        (await response.ErrorAsync(HttpStatusCode.Unauthorized)).Text("type").ShouldBe("authentication_error");
    }

    private static string Body(string text, string model = "demo/echo:free") =>
        JsonSerializer.Serialize(new { model, messages = new[] { new { role = "user", content = text } } });

    private static async Task<long> CountAsync(TestGateway gateway, string body)
    {
        using var response = await gateway.PostAsync(body, path: Path);
        await response.ReadAsync();
        return (await response.JsonAsync()).Count("input_tokens");
    }
}
