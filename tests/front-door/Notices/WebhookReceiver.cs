using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Freeway.FrontDoor.Tests.Notices;

/// <summary>A receiver of notices on loopback, over real HTTP: it keeps what it gets and answers as a test says.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ReceivedNotice> _received = [];

    private WebhookReceiver()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(TakeAsync);
    }

    public string Url => _app.Urls.Single() + "/hook";

    /// <summary>The status that it answers with; 0 breaks the connection, as one that is down does.</summary>
    public int Status { get; set; } = 200;

    /// <summary>Where it redirects to; null for nowhere.</summary>
    public string? Location { get; set; }

    /// <summary>Held back until this ends; null answers at once.</summary>
    public Task? Gate { get; set; }

    /// <summary>All that came, refused ones included, in their order.</summary>
    public IReadOnlyList<ReceivedNotice> Received => [.. _received];

    public static async Task<WebhookReceiver> StartAsync()
    {
        var receiver = new WebhookReceiver();
        await receiver._app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        var headers = http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        _received.Enqueue(new ReceivedNotice(headers, await reader.ReadToEndAsync(), Status));
        if (Gate is { } gate)
        {
            await gate.WaitAsync(http.RequestAborted);
        }

        if (Status is 0)
        {
            http.Abort();
            return;
        }

        http.Response.StatusCode = Status;
        if (Location is { } location)
        {
            http.Response.Headers.Location = location;
        }
    }
}

/// <summary>One request that a receiver got.</summary>
/// <param name="Status">What it answered.</param>
internal sealed record ReceivedNotice(IReadOnlyDictionary<string, string> Headers, string Body, int Status)
{
    public string Id => Headers["webhook-id"];

    public JsonElement Json => JsonElement.Parse(Body);

    public string Type => Json.GetProperty("type").GetString()!;

    public JsonElement Data => Json.GetProperty("data");

    public DateTimeOffset SentAt =>
        DateTimeOffset.FromUnixTimeSeconds(long.Parse(Headers["webhook-timestamp"], CultureInfo.InvariantCulture));

    /// <summary>Whether one of the signatures is that of this secret, counted by the words of the standard alone.</summary>
    public bool IsSignedWith(string secret)
    {
        var key = Convert.FromBase64String(secret["whsec_".Length..]);
        var signed = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{Id}.{Headers["webhook-timestamp"]}.{Body}"));
        return Headers["webhook-signature"].Split(' ').Contains("v1," + Convert.ToBase64String(signed));
    }
}
