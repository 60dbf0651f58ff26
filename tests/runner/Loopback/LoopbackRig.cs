using System.Text.Json;
using System.Text.Json.Nodes;
using Freeway.Runner.Loopback;
using Freeway.Tests.Shared;

namespace Freeway.Runner.Tests.Loopback;

/// <summary>A loopback upstream on a free port and a client of it, both on the test's clock.</summary>
internal sealed class LoopbackRig : IAsyncDisposable
{
    private LoopbackRig(LoopbackUpstream upstream, ManualTime time)
    {
        (Upstream, Time) = (upstream, time);
        Client = new HttpClient(new SocketsHttpHandler { MaxResponseDrainSize = 0, UseProxy = false }, disposeHandler: true)
        {
            Timeout = TimeSpan.FromSeconds(30),
        };
    }

    public LoopbackUpstream Upstream { get; }

    public ManualTime Time { get; }

    public HttpClient Client { get; }

    public static async Task<LoopbackRig> StartAsync(Func<LoopbackRequest, LoopbackScript?>? script = null)
    {
        var time = new ManualTime();
        return new LoopbackRig(await LoopbackUpstream.StartAsync(new LoopbackOptions { Script = script }, time), time);
    }

    public static string Body(string text, bool stream = false, string more = "") =>
        $$"""{"model":"echo","messages":[{"role":"system","content":"be brief"},{"role":"user","content":{{JsonSerializer.Serialize(text)}}}],"stream":{{(stream ? "true" : "false")}}{{more}}}""";

    /// <summary>Answers when the headers are there.</summary>
    public Task<HttpResponseMessage> PostAsync(string body, CancellationToken cancellation = default) => Client.SendAsync(
        new HttpRequestMessage(HttpMethod.Post, Upstream.BaseUrl + "/chat/completions") { Content = new StringContent(body) },
        HttpCompletionOption.ResponseHeadersRead,
        cancellation);

    /// <summary>Answers when the headers are there.</summary>
    public Task<HttpResponseMessage> PostAsync(string path, HttpContent body) => Client.SendAsync(
        new HttpRequestMessage(HttpMethod.Post, Upstream.BaseUrl + path) { Content = body }, HttpCompletionOption.ResponseHeadersRead);

    /// <summary>The answer of one of the other surfaces.</summary>
    public async Task<JsonNode> JsonAsync(string path, string body)
    {
        using var response = await PostAsync(path, new StringContent(body));
        return JsonNode.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync())!;
    }

    public Task<(string? Name, string Data)[]> EventsOfAsync(string path, string body) => EventsOfAsync(path, new StringContent(body));

    /// <summary>The events of one of the other surfaces.</summary>
    public async Task<(string? Name, string Data)[]> EventsOfAsync(string path, HttpContent body)
    {
        using var response = await PostAsync(path, body);
        response.EnsureSuccessStatusCode().Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        var events = (await response.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        return [.. events.Select(one => one.Split('\n')).Select(lines => lines is [var name, var data]
            ? (name["event: ".Length..], data["data: ".Length..])
            : (default(string), lines[0]["data: ".Length..]))];
    }

    public async Task<string> AnswerAsync(string body)
    {
        using var response = await PostAsync(body);
        return await response.Content.ReadAsStringAsync();
    }

    /// <summary>The data of each event of a stream.</summary>
    public async Task<string[]> EventsAsync(string text, string more = "") =>
        [.. (await AnswerAsync(Body(text, stream: true, more))).Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(one => one["data: ".Length..])];

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Upstream.DisposeAsync();
    }
}
