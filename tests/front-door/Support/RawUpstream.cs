using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Freeway.FrontDoor.Tests.Support;

/// <summary>An upstream that answers every request with the same bytes.</summary>
public sealed class RawUpstream : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _received;

    private RawUpstream(WebApplication app) => _app = app;

    public string BaseUrl => _app.Urls.First() + "/v1";

    /// <summary>How many requests came.</summary>
    public int Received => Volatile.Read(ref _received);

    /// <param name="type">The content type; null sends none.</param>
    /// <param name="drops">Whether the connection breaks behind the body.</param>
    public static async Task<RawUpstream> StartAsync(string? type, string body, bool drops = false)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var upstream = new RawUpstream(builder.Build());
        var bytes = Encoding.UTF8.GetBytes(body);
        upstream._app.MapPost("/v1/{**path}", async (HttpContext http) =>
        {
            Interlocked.Increment(ref upstream._received);
            await http.Request.Body.CopyToAsync(Stream.Null);
            http.Response.ContentType = type;
            http.Response.ContentLength = drops ? bytes.Length + 1 : null;
            await http.Response.Body.WriteAsync(bytes);
        });
        await upstream._app.StartAsync();
        return upstream;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
