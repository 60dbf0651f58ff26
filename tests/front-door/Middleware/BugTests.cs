using System.Net;
using Freeway.FrontDoor.Tests.OpenApi;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Identity;

namespace Freeway.FrontDoor.Tests.Middleware;

/// <summary>A bug of ours still gives the caller an error to read and an id to name.</summary>
public sealed class BugTests
{
    [Theory]
    [InlineData("GET", "api/v1/models")]
    [InlineData("POST", "api/v1/chat/completions")]
    public async Task Bug_BehindADoor_Is500InOurShapeAndNothingMore(string method, string path)
    {
        var broken = false;
        await using var gateway = await TestGateway.StartAsync(services: services => BreakablePort.Wrap<IKeyStore>(services, () => broken));
        broken = true;

        using var response = await gateway.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path) { Content = method is "POST" ? new StringContent("{}") : null });

        var error = await response.ErrorAsync(HttpStatusCode.InternalServerError);
        error.GetProperty("code").GetString().ShouldBe("internal_error");
        error.GetRawText().ShouldNotContain("a bug, for a test");
        response.Header("x-request-id").Length.ShouldBe(32);
    }
}
