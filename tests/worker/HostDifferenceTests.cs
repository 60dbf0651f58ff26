using Freeway.FrontDoor.Tests.Support;

namespace Freeway.Worker.Tests;

/// <summary>What the two hosts do differently, each a row of the table in <c>docs/decisions/worker.md</c>.</summary>
public sealed class HostDifferenceTests
{
    [Fact]
    public async Task Chunk_WithASizeThatIsNoNumber_Is500OfTheHost()
    {
        await using var gateway = await TestGateway.StartAsync();

        var answer = await gateway.SendRawAsync(
            $"POST /api/v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {gateway.ApiKey}\r\n"
            + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n");

        answer.ShouldStartWith("HTTP/1.1 500 ");
        answer.ShouldEndWith("\r\n\r\n");
    }

    [Fact]
    public async Task Body_ThatArrivesTooSlowly_Is500OfTheHost()
    {
        await using var gateway = await TestGateway.StartAsync();

        var answer = await gateway.SendRawAsync(
            $"POST /api/v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {gateway.ApiKey}\r\n"
            + "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"model\":");

        answer.ShouldStartWith("HTTP/1.1 500 ");
        answer.ShouldEndWith("\r\n\r\n");
    }

    [Fact]
    public async Task Answer_OfAFunction_NamesTheWorkersServer()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.Http.GetAsync("health/live");

        response.Headers.Server.ToString().ShouldBe("Kestrel");
    }

    /// <summary>An order of routes that newer hosts may get must find the same functions.</summary>
    [Fact]
    public async Task Routes_InTheOtherOrder_FindTheSameFunctions()
    {
        await using var gateway = await TestGateway.StartAsync(_ => null, routeOrder: Runner.Hosting.Settings.RouteOrder.Pattern);

        foreach (var path in new[]
        {
            "health/live", "health/ready", "openapi.json", "api/v1/models", "api/v1/models/demo/echo", "api/v1/quota",
            "api/v1/quota/demo/echo:free", "api/v1/key", "api/v1/credits", "api/v1/activity", "api/v1/usage",
        })
        {
            using var response = await gateway.Http.GetAsync(path);
            response.IsSuccessStatusCode.ShouldBeTrue($"{path} answered {(int)response.StatusCode}");
        }

        using var nothing = await gateway.Http.GetAsync("nothing/here");
        nothing.StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound);
        using var chat = await gateway.ChatAsync("demo/echo:free");
        chat.StatusCode.ShouldBe(System.Net.HttpStatusCode.OK);
    }
}
