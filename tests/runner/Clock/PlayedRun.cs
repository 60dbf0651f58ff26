using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Freeway.Runner.Tests.Broker;
using Freeway.Runner.Tests.Commands;

namespace Freeway.Runner.Tests.Clock;

/// <summary>A runner in a process of its own whose clock is moved by hand, and a caller and an operator of it.</summary>
internal sealed class PlayedRun : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly RunnerProcess _runner;
    private readonly HttpClient _http = new(new SocketsHttpHandler(), disposeHandler: true);

    private PlayedRun(TemporaryFolder folder, RunnerProcess runner) => (_folder, _runner) = (folder, runner);

    public RunnerProcess Runner => _runner;

    /// <param name="limits">The limits of the free plan of <c>demo/played</c>, as JSON; null for the usual catalogue.</param>
    public static async Task<PlayedRun> StartAsync(string start, string? limits = null)
    {
        var folder = new TemporaryFolder();
        try
        {
            string[] catalogue = limits is null ? [] : ["--catalogue", Catalogue(folder, limits)];
            return new PlayedRun(folder, await RunnerProcess.StartAsync(folder.Path, null, ["--clock", start, .. catalogue]));
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Sends a chat request.</summary>
    /// <returns>Its status, and the seconds of <c>Retry-After</c> where it has one.</returns>
    public async Task<(int Status, int? RetryAfter)> AskAsync(string model)
    {
        using var response = await _runner.ChatAsync(model, "hello");
        await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, (int?)response.Headers.RetryAfter?.Delta?.TotalSeconds);
    }

    /// <summary>Sends requests that are all to be admitted.</summary>
    public async Task SpendAsync(string model, int times)
    {
        for (var i = 0; i < times; i++)
        {
            (await AskAsync(model)).ShouldBe((200, null));
        }
    }

    /// <summary>Moves the clock, and gives the answer.</summary>
    public async Task<JsonNode> AdvanceAsync(int seconds) => await MoveAsync($$"""{"advance_seconds":{{seconds}}}""");

    public async Task<JsonNode> MoveAsync(string body)
    {
        using var response = await ClockAsync(HttpMethod.Post, body);
        response.IsSuccessStatusCode.ShouldBeTrue(await response.Content.ReadAsStringAsync());
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }

    public Task<HttpResponseMessage> ClockAsync(HttpMethod method, string? body = null, string? key = null)
    {
        var content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        return SendAsync(method, "/admin/clock", key ?? _runner.Said("adminKey"), content);
    }

    /// <summary>Looks up something with the caller's key, or with the operator's.</summary>
    public async Task<JsonNode> GetAsync(string path, bool asOperator = false)
    {
        using var response = await SendAsync(HttpMethod.Get, path, _runner.Said(asOperator ? "adminKey" : "apiKey"));
        response.EnsureSuccessStatusCode();
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }

    /// <summary>The activity, once it has as many records as these.</summary>
    public async Task<JsonArray> ActivityAsync(int records)
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var found = (await GetAsync("/api/v1/activity?limit=100"))["data"]!.AsArray();
            if (found.Count >= records)
            {
                return found;
            }

            await pause.WaitForNextTickAsync(patience.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _runner.DisposeAsync();
        _folder.Dispose();
    }

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string key, HttpContent? content = null) =>
        _http.SendAsync(new HttpRequestMessage(method, new Uri(new Uri(_runner.Said("url")), path))
        {
            Content = content,
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", key) },
        });

    private static string Catalogue(TemporaryFolder folder, string limits)
    {
        var path = Path.Combine(folder.Path, "catalogue.json");
        File.WriteAllText(path, $$"""
            {
              "version": 1,
              "upstreams": { "loopback": { "base_url": "http://127.0.0.1:1/v1" } },
              "plans": { "played": { "limits": {{limits}} } },
              "models": [ {
                "id": "demo/played", "name": "Played", "context_length": 32768,
                "usd_per_million_tokens": { "input": 0.1, "output": 0.4 },
                "free": { "enabled": true, "plan": "played" },
                "routes": [ { "upstream": "loopback", "model": "echo" } ] } ]
            }
            """);
        return path;
    }
}
