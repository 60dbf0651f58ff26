using System.Net;
using System.Net.Sockets;
using System.Text;
using Freeway.FrontDoor.Tests.Support;

namespace Freeway.FrontDoor.Tests.Middleware;

/// <summary>
/// What is too large for a setting is refused by us, with an error to read: the server's limits are above all of ours.
/// </summary>
public sealed class RequestSizeTests
{
    private const string Chat = "api/v1/chat/completions";
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
    [InlineData(33_000)]
    [InlineData(140_000)]
    [InlineData(1_000_000)]
    public async Task Header_LargerThanTheSetting_Is431InOurShape(int bytes)
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.PostAsync("{}", headers: ("x-long", new string('a', bytes)));

        var error = await response.ErrorAsync(HttpStatusCode.RequestHeaderFieldsTooLarge);
        error.GetProperty("code").GetString().ShouldBe("request_headers_too_large");
    }

    [Fact]
    public async Task Headers_ManyAndSmall_AreTaken()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/v1/key");
        for (var i = 0; i < 1000; i++)
        {
            request.Headers.Add($"x-{i}", "1");
        }

        using var response = await gateway.Http.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Path_LongerThanTheServersDefault_IsRefusedForWhatItNames()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.Http.GetAsync("api/v1/quota/" + new string('a', 40_000));

        (await response.ErrorAsync(HttpStatusCode.BadRequest)).GetProperty("param").GetString().ShouldBe("model");
    }

    [Theory]
    [InlineData("POST /api/v1/chat/completions HTTP/1.1\r\nHost: x\r\nx-long: ", 1_100_000, "431")]
    [InlineData("GET /api/v1/models/", 70_000, "414")]
    public async Task Head_LargerThanTheServerTakes_IsRefusedByTheServerAndNotLeftHanging(
        string head, int bytes, string status)
    {
        await using var gateway = await TestGateway.StartAsync();

        var answer = await SendAsync(gateway, head + new string('a', bytes));

        answer.ShouldStartWith($"HTTP/1.1 {status} ");
        answer.ShouldContain("Connection: close");
    }

    [Theory]
    [InlineData("chat/completions", "application/json")]
    [InlineData("quota/check", "application/json")]
    [InlineData("audio/transcriptions", "multipart/form-data; boundary=b")]
    public async Task Chunk_WithASizeThatIsNoNumber_Is400InOurShape(string path, string type)
    {
        await using var gateway = await TestGateway.StartAsync();

        foreach (var size in new[] { "ffffffffffffffff", "7fffffffffffffff", "nonsense" })
        {
            var answer = await SendAsync(
                gateway,
                $"POST /api/v1/{path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {gateway.Host.ApiKey}\r\n"
                + $"Content-Type: {type}\r\nTransfer-Encoding: chunked\r\n\r\n{size}\r\n");

            answer.ShouldStartWith("HTTP/1.1 400 ", customMessage: size);
            answer.ShouldContain("invalid_request_error", customMessage: size);
        }
    }

    private static Task<TestGateway> StartAsync(params (string Name, string Value)[] settings) =>
        TestGateway.StartAsync(
            settings: settings.ToDictionary(setting => setting.Name, setting => (string?)setting.Value));

    /// <summary>Sends these very bytes, which no client library would, and reads until the server has closed.</summary>
    private static async Task<string> SendAsync(TestGateway gateway, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(gateway.Host.Url.Host, gateway.Host.Url.Port);
        await using var stream = client.GetStream();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var answer = new MemoryStream();
        try
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(request), limit.Token);
            await stream.CopyToAsync(answer, limit.Token);
        }
        catch (IOException)
        {
            // A server that closes with some of the request unread resets the connection after its answer.
        }

        return Encoding.UTF8.GetString(answer.ToArray());
    }
}
