using System.Net;
using Freeway.FrontDoor.Tests.Support;

namespace Freeway.FrontDoor.Tests.Middleware;

/// <summary>
/// What is too large for a setting is refused by us, with an error to read. What is too large for the host's own server
/// is refused by that, without one.
/// </summary>
public sealed class RequestSizeTests
{
    private const int ServersBody = 30_000_000;

    [Fact]
    public async Task Body_OfOneByte_IsReadAndRefusedForWhatItSays()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.PostAsync("{");

        (await response.ErrorAsync(HttpStatusCode.BadRequest)).GetProperty("code").GetString().ShouldBe("invalid_json");
    }

    [Fact]
    public async Task Body_LargerThanTheServersDefault_IsReadWhereTheSettingAllowsIt()
    {
        await using var gateway = await StartAsync(("Freeway:MaxRequestBytes", "40000000"));
        var text = new string('a', ServersBody);
        var body = $$"""{"model":"demo/echo:free","messages":[{"role":"user","content":"{{text}}"}]}""";

        using var response = await gateway.PostAsync(body, path: "api/v1/quota/check");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Upload_AlmostAsLargeAsTheHostTakes_ReachesTheUpstream()
    {
        await using var sink = await SinkUpstream.StartAsync();
        await using var gateway = await StartAsync(
            ("Freeway:Upstreams:loopback:BaseUrl", sink.BaseUrl), ("Freeway:MaxUploadBytes", "104857600"));
        using var form = new MultipartFormDataContent
        {
            { new PatternContent(96_000_000), "file", "speech.bin" },
            { new StringContent("sarvam/saaras:v3:free"), "model" },
        };

        using var response = await gateway.Http.PostAsync("api/v1/audio/transcriptions", form);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        sink.Bytes.ShouldBeGreaterThan(96_000_000);
    }

    [Theory]
    [InlineData(17_000)]
    [InlineData(31_000)]
    public async Task Header_LargerThanTheSetting_Is431InOurShape(int bytes)
    {
        await using var gateway = await StartAsync(("Freeway:MaxHeaderBytes", "16384"));

        using var response = await gateway.PostAsync("{}", headers: ("x-long", new string('a', bytes)));

        var error = await response.ErrorAsync(HttpStatusCode.RequestHeaderFieldsTooLarge);
        error.GetProperty("code").GetString().ShouldBe("request_headers_too_large");
    }

    [Fact]
    public async Task Headers_ManyAndSmall_AreTaken()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/v1/key");
        for (var i = 0; i < 80; i++)
        {
            request.Headers.Add($"x-{i}", "1");
        }

        using var response = await gateway.Http.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Path_AlmostAsLongAsTheHostTakes_IsRefusedForWhatItNames()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.Http.GetAsync("api/v1/quota/" + new string('a', 8_000));

        (await response.ErrorAsync(HttpStatusCode.BadRequest)).GetProperty("param").GetString().ShouldBe("model");
    }

    [Theory]
    [InlineData("POST /api/v1/chat/completions HTTP/1.1\r\nHost: x\r\nx-long: ", 33_000, "431")]
    [InlineData("POST /api/v1/chat/completions HTTP/1.1\r\nHost: x\r\nx-long: ", 1_100_000, "431")]
    [InlineData("GET /api/v1/models/", 8_200, "414")]
    [InlineData("GET /api/v1/models/", 70_000, "414")]
    public async Task Head_LargerThanTheHostTakes_IsRefusedByItsServerAndNotLeftHanging(
        string head, int bytes, string status)
    {
        await using var gateway = await TestGateway.StartAsync();

        var answer = await gateway.SendRawAsync(head + new string('a', bytes));

        answer.ShouldStartWith($"HTTP/1.1 {status} ");
        answer.ShouldContain("Connection: close");
    }

    private static Task<TestGateway> StartAsync(params (string Name, string Value)[] settings) =>
        TestGateway.StartAsync(
            settings: settings.ToDictionary(setting => setting.Name, setting => (string?)setting.Value));
}
