using System.Net;
using Freeway.Runner.Hosting.Functions;
using Freeway.Runner.Hosting.Http;
using Freeway.Runner.Hosting.Settings;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace Freeway.Runner.Worker;

/// <summary>
/// Serves requests by the worker: each is forwarded to the worker's own web server, and the worker is told beside that
/// which function it is for. The invocation's id in a header joins the two.
/// </summary>
internal sealed class WorkerRequests(
    WorkerSupervisor<WorkerLife> workers, IHttpForwarder forwarder, FunctionAppOptions options, Drain drain, ILogger logger)
    : IDisposable
{
    private const string InvocationHeader = "x-ms-invocation-id";

    /// <summary>The longest time that a request waits for a worker that is started again.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The host's own bound on a connection on which nothing moves.</summary>
    private static readonly ForwarderRequestConfig Config = new() { ActivityTimeout = TimeSpan.FromSeconds(240) };

    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.None,
    });

    /// <summary>Answers a request by the function that the host's route has chosen.</summary>
    public async Task ServeAsync(HttpContext http, WorkerFunction function)
    {
        if (!options.Keys.Open(function.Level, http.Request))
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        WorkerLife worker;
        try
        {
            worker = await workers.CurrentAsync(Patience, http.RequestAborted);
        }
        catch (WorkerLostException)
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }
        catch (OperationCanceledException)
        {
            return;
        }

        await ForwardAsync(http, function, worker);
    }

    public void Dispose() => _client.Dispose();

    private async Task ForwardAsync(HttpContext http, WorkerFunction function, WorkerLife worker)
    {
        var id = Guid.CreateVersion7(options.TimeProvider.GetUtcNow()).ToString();
        http.Request.Headers[InvocationHeader] = id;
        using var giveUp = drain.Begin(http.RequestAborted);
        var request = WorkerData.Of(function.Parameter, http, http.Features.GetRequiredFeature<HostRoute>().Values);
        request.InvocationId = id;

        // The worker waits for both, so neither may wait for the other here.
        var forwarding = forwarder.SendAsync(http, worker.Http.ToString(), _client, Config).AsTask();
        var invocation = worker.InvokeAsync(function.Name, request, options.HostFile.FunctionTimeout, giveUp.Token);
        var failure = await FailureAsync(invocation);
        var error = await forwarding;
        if (http.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        if (error is not ForwarderError.None)
        {
            var reason = http.GetForwarderErrorFeature()?.Exception?.Message;
            failure ??= $"the request was not forwarded ({error}): {reason}";
        }

        if (failure is not null)
        {
            WorkerLog.Failed(logger, function.Name, failure, id);
            Break(http, failure);
        }
    }

    /// <summary>Why the function failed; null where it did not.</summary>
    private static async Task<string?> FailureAsync(Task invocation)
    {
        try
        {
            await invocation;
            return null;
        }
        catch (Exception e) when (e is InvocationFailedException or WorkerLostException)
        {
            return e.Message;
        }
    }

    /// <summary>
    /// Answers 500 where nothing was sent yet. An answer that has begun ends without the mark of a whole one: the
    /// worker's own server does not tell that its function failed, so the host must.
    /// </summary>
    private static void Break(HttpContext http, string failure)
    {
        if (http.Response.HasStarted)
        {
            throw new InvocationFailedException(failure);
        }

        http.Response.StatusCode = StatusCodes.Status500InternalServerError;
    }
}
