using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Freeway.Runner.Loopback;

/// <summary>
/// An upstream of the APIs of OpenAI and Anthropic on this machine: it answers with what it was asked, or as a script
/// says, and needs no account. Tests also see through it what reached an upstream, and hold or break its answers.
/// </summary>
public sealed class LoopbackUpstream : IAsyncDisposable
{
    private readonly LoopbackOptions _options;
    private readonly TimeProvider _time;
    private readonly WebApplication _app;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<LoopbackRequest> _remembered = new();
    private readonly Channel<LoopbackRequest> _arrivals;
    private long _received;
    private long _finished;
    private long _clientsGone;
    private bool _disposed;

    private LoopbackUpstream(LoopbackOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _arrivals = Channel.CreateBounded<LoopbackRequest>(
            new BoundedChannelOptions(Math.Max(1, options.Remembered)) { FullMode = BoundedChannelFullMode.DropOldest });
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddSingleton<IHostLifetime, LoopbackLifetime>();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, options.Port);
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.AddServerHeader = false;
        });
        _app = builder.Build();
        _app.Run(ServeAsync);
    }

    /// <summary>Gets the base URL of the upstream, e.g. <c>http://127.0.0.1:50123/v1</c>.</summary>
    public string BaseUrl { get; private set; } = "";

    /// <summary>The latest requests, latest last.</summary>
    public IReadOnlyList<LoopbackRequest> Requests => [.. _remembered];

    /// <summary>Gets the number of requests that arrived.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>Gets the number of answers that are over, however they ended.</summary>
    public long Finished => Interlocked.Read(ref _finished);

    /// <summary>Gets the number of clients that closed the connection before their answer was finished.</summary>
    public long ClientsGone => Interlocked.Read(ref _clientsGone);

    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<LoopbackUpstream> StartAsync(LoopbackOptions options, TimeProvider time, CancellationToken cancellation = default)
    {
        var upstream = new LoopbackUpstream(options, time);
        try
        {
            await upstream._app.StartAsync(cancellation);
        }
        catch
        {
            await upstream.DisposeAsync();
            throw;
        }

        upstream.BaseUrl = upstream._app.Urls.Single() + "/v1";
        return upstream;
    }

    /// <summary>The next request that has arrived, in order; waits for it.</summary>
    public ValueTask<LoopbackRequest> ArrivalAsync(CancellationToken cancellation = default) => _arrivals.Reader.ReadAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return;
        }

        await _stopping.CancelAsync();
        await _app.DisposeAsync();
        _stopping.Dispose();
    }

    private Task ServeAsync(HttpContext http)
    {
        // A look at what was received is none of it.
        if (http.Request.Path != ReceivedList.Path)
        {
            return AnswerAsync(http);
        }

        if (HttpMethods.IsDelete(http.Request.Method))
        {
            _remembered.Clear();
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        }

        return HttpMethods.IsGet(http.Request.Method)
            ? ReceivedList.ListAsync(http, Requests)
            : LoopbackAnswer.ErrorAsync(
                http,
                StatusCodes.Status405MethodNotAllowed,
                LoopbackError.Invalid("GET lists the requests, DELETE forgets them."));
    }

    private async Task AnswerAsync(HttpContext http)
    {
        using var sent = new MemoryStream();
        await http.Request.Body.CopyToAsync(sent, http.RequestAborted);
        var body = sent.ToArray();
        var turn = await LoopbackTurn.ReadAsync(HttpMethods.IsPost(http.Request.Method) ? http.Request.Path : "", http.Request.ContentType, body);
        var request = Remember(http.Request, body, turn);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, _stopping.Token);
        try
        {
            var script = Script(request, turn, out var error);
            await (error is not null ? LoopbackAnswer.ErrorAsync(http, StatusCodes.Status400BadRequest, error)
                : turn != LoopbackTurn.None ? new LoopbackAnswer(http, request, script, _time, ending.Token).WriteAsync()
                : http.Request.Path == "/v1/models" && HttpMethods.IsGet(http.Request.Method) ? LoopbackModels.WriteAsync(http, _options.Models)
                : http.Request.Path == "/v1/key" && HttpMethods.IsGet(http.Request.Method) ? LoopbackKey.WriteAsync(http)
                : LoopbackAnswer.ErrorAsync(http, StatusCodes.Status404NotFound, LoopbackError.Of(StatusCodes.Status404NotFound)));
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            http.Abort();
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            Interlocked.Increment(ref _clientsGone);
            request.Leave();
        }
        finally
        {
            Interlocked.Increment(ref _finished);
            request.Finish();
        }
    }

    private LoopbackScript Script(LoopbackRequest request, LoopbackTurn turn, out LoopbackError? error)
    {
        error = turn.Error;
        try
        {
            return _options.Script?.Invoke(request) ?? LoopbackDirective.Read(turn.Asked?.ScriptText ?? "");
        }
        catch (FormatException misspelt)
        {
            error = LoopbackError.Invalid(misspelt.Message);
            return new LoopbackScript();
        }
    }

    private LoopbackRequest Remember(HttpRequest http, byte[] body, LoopbackTurn turn)
    {
        var request = new LoopbackRequest
        {
            Number = Interlocked.Increment(ref _received),
            Time = _time.GetUtcNow(),
            Method = http.Method,
            Path = http.Path,
            Headers = http.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            Body = body,
            Turn = turn.Asked,
        };
        http.HttpContext.Response.Headers["x-request-id"] = string.Create(CultureInfo.InvariantCulture, $"req_loopback{request.Number}");
        _remembered.Enqueue(request);
        while (_remembered.Count > _options.Remembered && _remembered.TryDequeue(out _))
        {
        }

        _arrivals.Writer.TryWrite(request);
        return request;
    }
}

/// <summary>Leaves the process's signals to whoever started the upstream.</summary>
internal sealed class LoopbackLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>
/// The report of a key that may spend without a bound and has spent nothing, in the shape that OpenRouter sends.
/// </summary>
internal static class LoopbackKey
{
    private const string Report =
        """{"data":{"label":"loopback","limit":null,"limit_remaining":null,"usage":0,"usage_daily":0,"usage_monthly":0,"is_free_tier":true}}""";

    public static Task WriteAsync(HttpContext http)
    {
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(Report, Encoding.UTF8, http.RequestAborted);
    }
}

/// <summary>The list of models, in the shape that OpenAI sends.</summary>
internal static class LoopbackModels
{
    public static async Task WriteAsync(HttpContext http, IReadOnlyList<string> models)
    {
        http.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("object", "list");
        json.WriteStartArray("data");
        foreach (var model in models)
        {
            json.WriteStartObject();
            json.WriteString("id", model);
            json.WriteString("object", "model");
            json.WriteNumber("created", 1767225600);
            json.WriteString("owned_by", "loopback");
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}

/// <summary>Configures how a loopback upstream listens and answers.</summary>
public sealed record LoopbackOptions
{
    /// <summary>Gets the port on 127.0.0.1 to listen at; 0 takes any free one.</summary>
    public int Port { get; init; }

    /// <summary>The models that it lists; it answers for any other as well.</summary>
    public IReadOnlyList<string> Models { get; init; } = ["echo"];

    /// <summary>Decides how a request is answered; where it says nothing, the request's own text does.</summary>
    public Func<LoopbackRequest, LoopbackScript?>? Script { get; init; }

    /// <summary>Gets the number of requests that are kept to be looked at, latest last.</summary>
    public int Remembered { get; init; } = 1000;
}
