using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Freeway.FrontDoor.Tests.Messages;

/// <summary>
/// An upstream that answers every request with one status and one JSON body, and keeps what it was sent.
/// </summary>
public sealed class StatusUpstream : IAsyncDisposable
{
    private readonly WebApplication _app;

    private StatusUpstream(WebApplication app) => _app = app;

    public string BaseUrl => _app.Urls.First() + "/v1";

    /// <summary>The bodies that came, in order.</summary>
    public ConcurrentQueue<string> Received { get; } = new();

    public static async Task<StatusUpstream> StartAsync(int status, string body)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var upstream = new StatusUpstream(builder.Build());
        upstream._app.MapPost("/v1/{**path}", async (HttpContext http) =>
        {
            using var reader = new StreamReader(http.Request.Body);
            upstream.Received.Enqueue(await reader.ReadToEndAsync());
            http.Response.StatusCode = status;
            http.Response.ContentType = "application/json";
            await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body));
        });
        await upstream._app.StartAsync();
        return upstream;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
