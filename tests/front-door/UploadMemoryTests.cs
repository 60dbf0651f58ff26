using System.Net;
using System.Security.Cryptography;
using Freeway.FrontDoor.Tests.Support;

namespace Freeway.FrontDoor.Tests;

/// <summary>Measured with nothing else running in this process, by all that is ever allocated in it: client, gateway and upstream.</summary>
[Collection(nameof(Alone))]
public sealed class UploadMemoryTests
{
    private const long FileBytes = 20_000_000;

    [Fact]
    public async Task Upload_OfTwentyMegabytes_IsNeverHeldInMemory()
    {
        await using var sink = await SinkUpstream.StartAsync();
        await using var gateway = await TestGateway.StartAsync(settings: new Dictionary<string, string?> { ["Freeway:Upstreams:loopback:BaseUrl"] = sink.BaseUrl });
        (await SendAsync(gateway, 100_000)).StatusCode.ShouldBe(HttpStatusCode.OK);
        var before = GC.GetTotalAllocatedBytes(precise: true);

        using var response = await SendAsync(gateway, FileBytes);

        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        sink.Bytes.ShouldBeGreaterThan(FileBytes);
        sink.Sha256.ShouldBe(Convert.ToHexStringLower(await SHA256.HashDataAsync(await Form("saaras:v3", FileBytes).ReadAsStreamAsync())));
        allocated.ShouldBeLessThan(FileBytes / 2, $"{allocated} bytes");
    }

    private static Task<HttpResponseMessage> SendAsync(TestGateway gateway, long bytes) =>
        gateway.Http.PostAsync("api/v1/audio/transcriptions", Form("sarvam/saaras:v3:free", bytes));

    private static MultipartFormDataContent Form(string model, long bytes) =>
        new("a-boundary") { { new PatternContent(bytes), "file", "speech.bin" }, { new StringContent(model), "model" } };
}
