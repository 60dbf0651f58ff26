using Freeway.FrontDoor.Tests.Support;

namespace Freeway.FrontDoor.Tests.Middleware;

/// <summary>
/// A body that is no HTTP, or that does not come. Only the host in this process lets a function see it: the worker's host reads the body
/// first, to forward it.
/// </summary>
public sealed class BrokenBodyTests
{
    [Theory]
    [InlineData("chat/completions", "application/json")]
    [InlineData("quota/check", "application/json")]
    [InlineData("audio/transcriptions", "multipart/form-data; boundary=b")]
    public async Task Chunk_WithASizeThatIsNoNumber_Is400InOurShape(string path, string type)
    {
        await using var gateway = await TestGateway.StartAsync();

        foreach (var size in new[] { "ffffffffffffffff", "7fffffffffffffff", "nonsense", "-1" })
        {
            var answer = await gateway.SendRawAsync(
                $"POST /api/v1/{path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {gateway.ApiKey}\r\n"
                + $"Content-Type: {type}\r\nTransfer-Encoding: chunked\r\n\r\n{size}\r\n");

            answer.ShouldStartWith("HTTP/1.1 400 ", customMessage: size);
            answer.ShouldContain("invalid_request_error", customMessage: size);
            answer.ShouldContain("\"code\":\"invalid_request\"", customMessage: size);
        }
    }

    [Fact]
    public async Task Body_ThatArrivesTooSlowly_Is408InOurShape()
    {
        await using var gateway = await TestGateway.StartAsync();

        var answer = await gateway.SendRawAsync(
            $"POST /api/v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {gateway.ApiKey}\r\n"
            + "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"model\":");

        answer.ShouldStartWith("HTTP/1.1 408");
        answer.ShouldContain("\"code\":\"request_timeout\"");
        answer.ShouldNotContain("MinRequestBodyDataRate");
    }
}
