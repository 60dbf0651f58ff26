using System.Net;
using Freeway.FrontDoor.Tests.Support;

namespace Freeway.FrontDoor.Tests.Middleware;

/// <summary>
/// A body of many megabytes that is refused before it is read: its caller gets the answer all the same.
/// </summary>
public sealed class EarlyRefusalTests
{
    private const string Chat = "api/v1/chat/completions";
    private const string Upload = "api/v1/audio/transcriptions";
    private const int ServersBody = 30_000_000;

    [Theory]
    [InlineData(ServersBody + 1, false)]
    [InlineData(ServersBody + 1, true)]
    [InlineData(100_000_000, false)]
    public async Task Body_LargerThanTheSetting_Is413InOurShape(int bytes, bool chunked)
    {
        await using var gateway = await TestGateway.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, Chat) { Content = new PatternContent(bytes) };
        request.Headers.TransferEncodingChunked = chunked;

        using var response = await gateway.Http.SendAsync(request);

        var error = await response.ErrorAsync(HttpStatusCode.RequestEntityTooLarge);
        error.GetProperty("code").GetString().ShouldBe("request_too_large");
    }

    [Fact]
    public async Task Upload_OfThirtyMegabytes_IsRefusedBeforeAnythingIsTaken()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var form = new MultipartFormDataContent
        {
            { new PatternContent(ServersBody), "file", "speech.bin" },
            { new StringContent("sarvam/saaras:v3:free"), "model" },
        };

        using var response = await gateway.Http.PostAsync(Upload, form);

        var error = await response.ErrorAsync(HttpStatusCode.RequestEntityTooLarge);
        error.GetProperty("code").GetString().ShouldBe("request_too_large");
        gateway.Upstream.Requests.ShouldBeEmpty();
        var quota = (await gateway.GetAsync("api/v1/quota/sarvam/saaras:v3:free")).GetProperty("data")[0];
        quota.GetProperty("remaining").GetInt64().ShouldBe(quota.GetProperty("limit").GetInt64());
    }
}
