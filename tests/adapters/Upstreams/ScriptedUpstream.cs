using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Freeway.Adapters.Tests.Upstreams;

/// <summary>An HTTP server on loopback that answers as a test says, and remembers what it was sent.</summary>
internal sealed class ScriptedUpstream : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ScriptedUpstream(WebApplication app) => _app = app;

    public ConcurrentQueue<ReceivedRequest> Received { get; } = [];

    public int Port => new Uri(_app.Urls.Single()).Port;

    public static async Task<ScriptedUpstream> StartAsync(Func<ReceivedRequest, HttpResponse, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var upstream = new ScriptedUpstream(app);
        app.Run(async http =>
        {
            using var reader = new StreamReader(http.Request.Body);
            var request = new ReceivedRequest(
                http.Request.Method, http.Request.Path.Value!,
                http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
                await reader.ReadToEndAsync(http.RequestAborted));
            upstream.Received.Enqueue(request);
            await answer(request, http.Response);
        });
        await app.StartAsync();
        return upstream;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
