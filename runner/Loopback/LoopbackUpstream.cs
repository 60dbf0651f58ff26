using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Freeway.Runner.Loopback;

/// <summary>
/// An OpenAI-compatible upstream on this machine: it answers with what it was asked, or as a script says, and needs no
/// account. Tests also see through it what reached an upstream, and hold or break its answers.
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
        _app.Run(AnswerAsync);
    }

    /// <summary>E.g. <c>http://127.0.0.1:50123/v1</c>.</summary>
    public string BaseUrl { get; private set; } = "";

    /// <summary>The latest requests, latest last.</summary>
    public IReadOnlyList<LoopbackRequest> Requests => [.. _remembered];

    /// <summary>How many requests arrived.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>How many answers are over, however they ended.</summary>
    public long Finished => Interlocked.Read(ref _finished);

    /// <summary>How many clients closed the connection before their answer was finished.</summary>
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
