using Freeway.Runner.Hosting;
using Freeway.Runner.Hosting.Functions;
using Freeway.Runner.Hosting.Http;
using Freeway.Runner.Hosting.Queues;
using Freeway.Runner.Hosting.Settings;
using Freeway.Runner.Hosting.Timers;
using Freeway.Runner.Local;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Yarp.ReverseProxy.Forwarder;

namespace Freeway.Runner.Worker;

/// <summary>
/// Runs a functions app in the real isolated worker, a process of its own, and is its host: it speaks the worker's
/// protocol, forwards requests, keeps the timers and reads the queues.
/// </summary>
internal sealed class WorkerApp : IFunctionHost
{
    /// <summary>The time that the worker gets to close what it holds open, once nothing runs any more.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private readonly FunctionAppOptions _options;
    private readonly MessageSettlement _settlement = new();
    private readonly Drain _drain;
    private readonly WebApplication _app;
    private readonly ILoggerFactory _loggers;
    private readonly TimerPump _timers;
    private readonly QueuePump _queues;
    private RpcServer? _server;
    private WorkerSupervisor<WorkerLife>? _workers;
    private WorkerRequests? _requests;
    private int _stopped;

    private WorkerApp(FunctionAppOptions options)
    {
        _options = options;
        _drain = new Drain(options.DrainLimit, limit: null);
        _app = Build(options);
        _loggers = _app.Services.GetRequiredService<ILoggerFactory>();
        _timers = new TimerPump(options, _drain, _loggers);
        _queues = new QueuePump(options, _drain, _loggers);
    }

    public Uri Url => HostServer.Reachable(_app.Urls.First());

    /// <summary>The process that runs the functions now.</summary>
    public async Task<int> WorkerProcessIdAsync() =>
        (await _workers!.CurrentAsync(TimeSpan.FromSeconds(30), CancellationToken.None)).ProcessId;

    /// <param name="folder">A functions app as it was built or published.</param>
    /// <exception cref="LocalSetupException">There is no app, or its worker did not start.</exception>
    /// <exception cref="FunctionBindingException">Functions cannot be run as declared; each is named.</exception>
    /// <exception cref="PortTakenException">Another process listens on the port.</exception>
    public static async Task<WorkerApp> StartAsync(
        FunctionAppOptions options, string folder, CancellationToken cancellation)
    {
        var app = new WorkerApp(options);
        try
        {
            await app.StartWorkerAsync(WorkerProgram.Find(folder), cancellation);
            await app._app.StartAsync(cancellation);
            await app.StartPumpsAsync(cancellation);
            return app;
        }
        catch (Exception e)
        {
            await app.DisposeAsync();
            var portIsTaken = e is IOException { InnerException: AddressInUseException };
            throw portIsTaken ? new PortTakenException(options.Port, e) : e;
        }
    }

    /// <inheritdoc/>
    public Task RunTimerAsync(string function) => _timers.Find(function)?.RunNowAsync()
        ?? throw new ArgumentException($"There is no timer function {function}.", nameof(function));

    /// <summary>
    /// Takes no more requests, timers and messages, lets what runs finish within the drain limit, then lets the worker
    /// end in order.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _stopped, 1) is not 0)
        {
            return;
        }

        await _drain.StoppingAsync(CancellationToken.None);
        await Task.WhenAll(
            _app.StopAsync(), _timers.StopAsync(CancellationToken.None), _queues.StopAsync(CancellationToken.None));
        if (_workers is not null)
        {
            await _workers.StopAsync(Grace);
            await _workers.DisposeAsync();
        }

        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _requests?.Dispose();
        _timers.Dispose();
        await _queues.DisposeAsync();
        _drain.Dispose();
        await _app.DisposeAsync();
    }

    private static WebApplication Build(FunctionAppOptions options)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(WorkerApp).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        options.ConfigureLogging(builder.Logging);
        builder.Logging
            .AddFilter("Microsoft.AspNetCore", LogLevel.Warning)
            .AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Critical)
            .AddFilter("Microsoft.AspNetCore.Hosting", LogLevel.None);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            HostServer.Listen(kestrel, options.Bind, options.Port);
            kestrel.Limits.MaxRequestBodySize = null;
            HostServer.Limit(kestrel.Limits, options.Configuration);
        });
        builder.Services.AddSingleton<IHostLifetime, CallerLifetime>();
        builder.Services.Configure<HostOptions>(host =>
            host.ShutdownTimeout = options.DrainLimit + HostServer.AfterDrain);
        builder.Services.AddRouting();
        return builder.Build();
    }

    private async Task StartWorkerAsync(WorkerProgram program, CancellationToken cancellation)
    {
        _server = await RpcServer.StartAsync(_settlement, cancellation);
        var settings = Environment(_options.Configuration);
        _workers = new WorkerSupervisor<WorkerLife>(
            stop => WorkerLife.BeginAsync(program, _server, settings, _options.HostFile, _loggers, stop),
            TimeProvider.System, _loggers.CreateLogger("Worker"));
        var first = await _workers.StartAsync(cancellation);
        _requests = new WorkerRequests(
            _workers, Forwarder(), _options, _drain, _loggers.CreateLogger("Host"));
        Bind([.. first.Functions.Values.Select(WorkerFunction.Read)]);
    }

    private async Task StartPumpsAsync(CancellationToken cancellation)
    {
        await _timers.StartAsync(cancellation);
        await _queues.StartAsync(cancellation);
    }

    private void Bind(IReadOnlyList<WorkerFunction> functions)
    {
        var errors = new BindingErrors();
        var logger = _loggers.CreateLogger("Host");
        if (_options.HostFile.Ignored is { Count: > 0 } ignored)
        {
            WorkerLog.NotObeyed(logger, string.Join(", ", ignored));
        }

        foreach (var function in functions)
        {
            if (function.IsTimer)
            {
                errors.Catch(function.Name, () => _timers.Add(function.Name, function.Timer, CallTimer(function)));
            }
            else if (function.IsQueue && _options.RunQueues)
            {
                errors.Catch(function.Name, () => _queues.Add(function.Name, function.Queue, CallQueue(function)));
            }
            else if (!function.IsHttp && !function.IsQueue)
            {
                WorkerLog.NotServed(logger, function.Name, function.Type);
            }
        }

        MapRoutes(functions, errors, logger);
        errors.ThrowIfAny();
    }

    private void MapRoutes(IReadOnlyList<WorkerFunction> functions, BindingErrors errors, ILogger logger)
    {
        var routes = new HostRoutes(_app.Services.GetRequiredService<IInlineConstraintResolver>());
        routes.Add(AdminEndpoint.Path, ["POST"], new AdminEndpoint(_timers, _options.Keys, logger).ServeAsync);
        foreach (var function in HostRoutes.InOrder(
            functions.Where(function => function.IsHttp), _options.RouteOrder, function => function.Name, PatternOf))
        {
            errors.Catch(function.Name, () => routes.Add(
                PatternOf(function), function.Methods, http => _requests!.ServeAsync(http, function)));
        }

        var known = routes.Known();
        _app.Run(async http =>
        {
            var (handler, values) = await known.FindAsync(http);
            http.Features.Set(new HostRoute(values, _ => Task.CompletedTask));
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            if (handler is not null)
            {
                http.Response.StatusCode = StatusCodes.Status200OK;
                await handler(http);
            }
        });
    }

    private string PatternOf(WorkerFunction function) =>
        HostRoutes.Pattern(_options.HostFile.RoutePrefix, function.Route ?? function.Name);

    private TimerCall CallTimer(WorkerFunction function) => (id, timer, cancellation) =>
    {
        var request = WorkerData.Of(function.Parameter, timer);
        request.InvocationId = id;
        return InvokeAsync(function, request, cancellation);
    };

    private QueueCall CallQueue(WorkerFunction function) => async (id, messages, actions, cancellation) =>
    {
        var request = WorkerData.Of(function, messages);
        request.InvocationId = id;
        using var held = _settlement.Hold(messages, actions);
        await InvokeAsync(function, request, cancellation);
    };

    /// <summary>Waits for a worker for as long as it takes: a message has its lock, and a timer its turn.</summary>
    private async Task InvokeAsync(
        WorkerFunction function, Protocol.InvocationRequest request, CancellationToken cancellation)
    {
        var worker = await _workers!.CurrentAsync(Timeout.InfiniteTimeSpan, cancellation);
        await worker.InvokeAsync(function.Name, request, _options.HostFile.FunctionTimeout, cancellation);
    }

    /// <summary>A forwarder that logs nothing: each request that is not forwarded has a line of ours.</summary>
    private static IHttpForwarder Forwarder() => new ServiceCollection()
        .AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance)
        .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
        .AddHttpForwarder()
        .BuildServiceProvider()
        .GetRequiredService<IHttpForwarder>();

    /// <summary>The app's settings as a process has them in its environment.</summary>
    private static Dictionary<string, string> Environment(IConfiguration settings) => settings.AsEnumerable()
        .Where(setting => setting is { Value: not null, Key.Length: > 0 })
        .Where(setting => !setting.Key.Contains('=', StringComparison.Ordinal))
        .ToDictionary(
            setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value!,
            StringComparer.Ordinal);
}
