using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Freeway.FrontDoor.Tests.Support;

namespace Freeway.FrontDoor.Tests.Middleware;

/// <summary>JSON that is worth it is compressed for those who ask; streams, binary and small answers never.</summary>
public sealed class CompressionTests
{
    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("br", "br")]
    [InlineData("gzip, deflate, br", "br")]
    [InlineData("br;q=0.1, gzip;q=0.9", "gzip")]
    public async Task Models_AskedForCompressed_AreSmallerAndTheSame(string accepted, string encoding)
    {
        await using var gateway = await TestGateway.StartAsync();
        using var plain = await gateway.Http.GetAsync("api/v1/models");

        using var response = await GetAsync(gateway, accepted);

        response.Content.Headers.ContentEncoding.ShouldHaveSingleItem().ShouldBe(encoding);
        response.Headers.Vary.ShouldContain("Accept-Encoding");
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        var bytes = await response.Content.ReadAsByteArrayAsync();
        bytes.Length.ShouldBeLessThan((int)plain.Content.Headers.ContentLength! / 2);
        Ids(Unpack(bytes, encoding)).ShouldBe(Ids(await plain.Content.ReadAsByteArrayAsync()));
    }

    [Theory]
    [InlineData("identity")]
    [InlineData("zstd")]
    [InlineData("gzip;q=0")]
    public async Task Models_AskedForPlain_ComePlain(string accepted)
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await GetAsync(gateway, accepted);

        response.Content.Headers.ContentEncoding.ShouldBeEmpty();
        (await response.JsonAsync()).GetProperty("object").GetString().ShouldBe("list");
    }

    [Fact]
    public async Task SmallAnswer_IsLeftAlone()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await GetAsync(gateway, "gzip", "health/live");

        response.Content.Headers.ContentEncoding.ShouldBeEmpty();
        response.Content.Headers.ContentLength.ShouldNotBeNull();
    }

    [Fact]
    public async Task Head_OfACompressedAnswer_SaysThatItIs()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await GetAsync(gateway, "gzip", method: HttpMethod.Head);

        response.Content.Headers.ContentEncoding.ShouldHaveSingleItem().ShouldBe("gzip");
        (await response.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Stream_IsNeverCompressed()
    {
        await using var gateway = await TestGateway.StartAsync();
        gateway.Http.DefaultRequestHeaders.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));

        using var response = await gateway.ChatAsync("demo/echo:free", new string('a', 5000), stream: true);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentEncoding.ShouldBeEmpty();
        (await response.Content.ReadAsStringAsync()).ShouldEndWith("data: [DONE]\n\n");
    }

    [Fact]
    public async Task Completion_ThatIsLarge_ComesCompressedAndWhole()
    {
        await using var gateway = await TestGateway.StartAsync();
        var text = string.Concat(Enumerable.Repeat("one two three ", 300));
        using var plain = await gateway.ChatAsync("demo/echo:free", text);
        gateway.Http.DefaultRequestHeaders.AcceptEncoding.Add(new StringWithQualityHeaderValue("br"));

        using var response = await gateway.ChatAsync("demo/echo:free", text);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentEncoding.ShouldHaveSingleItem().ShouldBe("br");
        using var unpacked = JsonDocument.Parse(Unpack(await response.Content.ReadAsByteArrayAsync(), "br"));
        unpacked.RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString().ShouldBe(await plain.TextAsync());
    }

    private static Task<HttpResponseMessage> GetAsync(TestGateway gateway, string accepted, string path = "api/v1/models", HttpMethod? method = null)
    {
        var request = new HttpRequestMessage(method ?? HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
        return gateway.Http.SendAsync(request);
    }

    private static byte[] Unpack(byte[] bytes, string encoding)
    {
        using var packed = new MemoryStream(bytes);
        using Stream stream = encoding is "br" ? new BrotliStream(packed, CompressionMode.Decompress) : new GZipStream(packed, CompressionMode.Decompress);
        using var plain = new MemoryStream();
        stream.CopyTo(plain);
        return plain.ToArray();
    }

    private static List<string> Ids(byte[] list)
    {
        using var document = JsonDocument.Parse(list);
        return [.. document.RootElement.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()!)];
    }
}
