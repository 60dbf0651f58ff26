using System.Text.Json;
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
