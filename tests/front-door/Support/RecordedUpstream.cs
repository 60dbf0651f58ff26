using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Freeway.FrontDoor.Tests.Support;

/// <summary>An upstream that answers every request with the recording its last message names, in as many writes as it is told.</summary>
public sealed class RecordedUpstream : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RecordedUpstream(WebApplication app) => _app = app;

    public string BaseUrl => _app.Urls.First() + "/v1";

    /// <summary>The bodies that came, in order.</summary>
    public ConcurrentQueue<string> Received { get; } = new();

    /// <summary>How many bytes go out at once.</summary>
    public int Portion { get; set; } = int.MaxValue;

    public static async Task<RecordedUpstream> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var upstream = new RecordedUpstream(builder.Build());
        upstream._app.MapPost("/v1/{**path}", upstream.AnswerAsync);
        await upstream._app.StartAsync();
        return upstream;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var body = await reader.ReadToEndAsync();
        Received.Enqueue(body);
        using var json = JsonDocument.Parse(body);
        var answer = RecordedAnswer.Read(json.RootElement.GetProperty("messages").EnumerateArray().Last().GetProperty("content").GetString()!);
        http.Response.StatusCode = answer.Status;
        http.Response.ContentType = answer.ContentType;
        http.Response.Headers["x-request-id"] = "req-upstream";
        http.Response.Headers["x-ratelimit-remaining-requests"] = "7";
        for (var at = 0; at < answer.Body.Length; at += Math.Min(Portion, answer.Body.Length - at))
        {
            await http.Response.Body.WriteAsync(answer.Body.Slice(at, Math.Min(Portion, answer.Body.Length - at)));
            await http.Response.Body.FlushAsync();
        }
    }
}
