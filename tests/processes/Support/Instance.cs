using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Freeway.FrontDoor.Tests.Support;

namespace Freeway.Processes.Tests.Support;

/// <summary>One process that serves the functions, and callers of it.</summary>
internal sealed class Instance : IAsyncDisposable
{
    private readonly HttpClient _http;
    private readonly string _adminKey;

    private Instance(RunnerProcess process, JsonElement ready)
    {
        Process = process;
        Ready = ready;
        _adminKey = ready.GetProperty("adminKey").GetString() ?? "";
        ApiKey = ready.GetProperty("apiKey").GetString();
        _http = new HttpClient(new SocketsHttpHandler(), disposeHandler: true)
        {
            BaseAddress = new Uri(ready.GetProperty("url").GetString()!),
            Timeout = TimeSpan.FromSeconds(120),
        };
    }

    public RunnerProcess Process { get; }

    /// <summary>The ready file's content.</summary>
    public JsonElement Ready { get; }

    /// <summary>The demo org's key; null where another instance has seeded it.</summary>
    public string? ApiKey { get; }

    public Uri Url => _http.BaseAddress!;

    /// <summary>Its operator's key.</summary>
    public string AdminKey => _adminKey;

    public static async Task<Instance> StartAsync(string folder, IReadOnlyDictionary<string, string> settings, params string[] arguments)
    {
        var process = RunnerProcess.Start(
            Path.Combine(folder, "ready.json"), settings, ["--port", "0", "--data", Path.Combine(folder, "data"), .. arguments]);
        try
        {
            return new Instance(process, await process.ReadyAsync());
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks, and reads all that comes.</summary>
    /// <param name="once">Its <c>Idempotency-Key</c>.</param>
    public async Task<Answer> AskAsync(string key, string model, bool stream = false, string text = "hello there", string? once = null)
    {
        try
        {
            using var response = await BeginAsync(key, model, stream, text, once);
            return await FinishAsync(response);
        }
        catch (HttpRequestException)
        {
            return new Answer(null, null, "", false, null);
        }
    }

    /// <summary>Asks, and returns with the headers.</summary>
    public async Task<HttpResponseMessage> BeginAsync(string key, string model, bool stream, string text, string? once = null)
    {
        var body = JsonSerializer.Serialize(new { model, stream, messages = new[] { new { role = "user", content = text } } });
        using var request = Request(HttpMethod.Post, "api/v1/chat/completions", key, new StringContent(body, Encoding.UTF8, "application/json"));
        if (once is not null)
        {
            request.Headers.Add("Idempotency-Key", once);
        }

        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>Reads the rest of an answer.</summary>
    public static async Task<Answer> FinishAsync(HttpResponseMessage response)
    {
        var body = new StringBuilder();
        var whole = true;
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var buffer = new char[1024];
        try
        {
            for (var read = await reader.ReadAsync(buffer); read > 0; read = await reader.ReadAsync(buffer))
            {
                body.Append(buffer, 0, read);
            }
        }
        catch (IOException)
        {
            whole = false;
        }

        var id = response.Headers.TryGetValues("x-request-id", out var ids) ? ids.Single() : null;
        return new Answer((int)response.StatusCode, id, body.ToString(), whole, response.Headers.RetryAfter?.Delta);
    }

    public async Task<JsonElement> GetAsync(string key, string path)
    {
        using var response = await _http.SendAsync(Request(HttpMethod.Get, path, key));
        response.EnsureSuccessStatusCode();
        return await response.JsonAsync();
    }

    /// <summary>The status of a look-up.</summary>
    public async Task<int> StatusAsync(string key, string path)
    {
        using var response = await _http.SendAsync(Request(HttpMethod.Get, path, key));
        return (int)response.StatusCode;
    }

    /// <summary>What the operator asks for, where all instances know <see cref="Deployment.AdminKey"/>.</summary>
    public async Task<JsonElement> AdministerAsync(string method, string path, string? body = null)
    {
        var content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _http.SendAsync(Request(new HttpMethod(method), "api/v1/admin/" + path, Deployment.AdminKey, content));
        var answer = await response.JsonAsync();
        response.IsSuccessStatusCode.ShouldBeTrue($"{method} {path} answered {(int)response.StatusCode}: {answer.GetRawText()}");
        return answer;
    }

    /// <summary>The org's activity, newest first; a thousand records at most.</summary>
    public async Task<IReadOnlyList<JsonElement>> ActivityAsync(string key) =>
        [.. (await GetAsync(key, "api/v1/activity?limit=1000")).GetProperty("data").EnumerateArray()];

    /// <summary>What the front door says is left of the one limit of this model.</summary>
    public async Task<long> RemainingAsync(string key, string slug) =>
        (await GetAsync(key, $"api/v1/quota/{slug}")).GetProperty("data")[0].GetProperty("remaining").GetInt64();

    /// <summary>The status and the checks of <c>/health/ready</c>.</summary>
    public async Task<(int Status, JsonElement Report)> HealthAsync()
    {
        using var response = await _http.GetAsync("health/ready");
        return ((int)response.StatusCode, await response.JsonAsync());
    }

    /// <summary>Runs a timer function now, as an operator would.</summary>
    public async Task RunTimerAsync(string function)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, string.Create(CultureInfo.InvariantCulture, $"admin/functions/{function}"))
        {
            Headers = { { "x-functions-key", _adminKey } },
            Content = new StringContent("""{"input":""}""", Encoding.UTF8, "application/json"),
        };
        using var response = await _http.SendAsync(request);
        ((int)response.StatusCode).ShouldBe(202);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Process.DisposeAsync();
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, string key, HttpContent? content = null) =>
        new(method, path) { Content = content, Headers = { Authorization = new AuthenticationHeaderValue("Bearer", key) } };
}
