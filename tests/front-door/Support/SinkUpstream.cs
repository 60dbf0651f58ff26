using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Freeway.FrontDoor.Tests.Support;

/// <summary>An upstream that takes whatever is sent and keeps none of it.</summary>
public sealed class SinkUpstream : IAsyncDisposable
{
    private readonly WebApplication _app;

    private SinkUpstream()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MaxRequestBodySize = null;
        });
        _app = builder.Build();
        _app.Run(TakeAsync);
    }

    public string BaseUrl => _app.Urls.Single() + "/v1";

    public long Bytes { get; private set; }

    public string Sha256 { get; private set; } = "";

    public static async Task<SinkUpstream> StartAsync()
    {
        var sink = new SinkUpstream();
        await sink._app.StartAsync();
        return sink;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (buffer, bytes) = (new byte[64 * 1024], 0L);
        while (await http.Request.Body.ReadAsync(buffer) is > 0 and var read)
        {
            hash.AppendData(buffer.AsSpan(0, read));
            bytes += read;
        }

        (Bytes, Sha256) = (bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync("""{"text":"heard","usage":{"type":"duration","seconds":9}}""");
    }
}
