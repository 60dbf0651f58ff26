using System.Net;
using Freeway.Runner.Hosting.Functions;
using Freeway.Runner.Hosting.Http;
using Freeway.Runner.Hosting.Queues;
using Freeway.Runner.Hosting.Timers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Freeway.Runner.Hosting;

/// <summary>Runs function classes in this process, by their attributes and the real host's rules.</summary>
public sealed class FunctionApp : IAsyncDisposable
{
    /// <summary>Kept for what a function does once it has been told to give up.</summary>
    private static readonly TimeSpan AfterDrain = TimeSpan.FromSeconds(5);

    private readonly WebApplication _app;

    private FunctionApp(WebApplication app) => _app = app;

    /// <summary>Gets the address that the app listens at, without a slash at the end.</summary>
    public Uri Url => new(_app.Urls.First());

    public IServiceProvider Services => _app.Services;

    /// <exception cref="FunctionBindingException">Functions cannot be run as declared; all of them are
    ///     named.</exception>
    /// <exception cref="PortTakenException">Another process listens on the port.</exception>
    public static async Task<FunctionApp> StartAsync(FunctionAppOptions options, CancellationToken cancellation = default)
    {
        var functions = FunctionFinder.Find(options);
        var app = Build(options);
        try
        {
            var errors = new BindingErrors();
            HttpRoutes.Map(app, functions, options, errors);
            app.Services.GetRequiredService<TimerPump>().Bind(functions, errors);
            app.Services.GetRequiredService<QueuePump>().Bind(functions, errors);
            errors.ThrowIfAny();
            await app.StartAsync(cancellation);
            return new FunctionApp(app);
        }
        catch (Exception e)
        {
            await app.DisposeAsync();
            if (e is IOException { InnerException: AddressInUseException })
            {
                throw new PortTakenException(options.Port, e);
            }

            throw;
        }
    }

    /// <summary>
    /// Runs a timer function now, apart from its schedule; ends when it has, and throws what it throws.
    /// </summary>
    /// <exception cref="ArgumentException">There is no such timer.</exception>
    public Task RunTimerAsync(string function) =>
        _app.Services.GetRequiredService<TimerPump>().Find(function)?.RunNowAsync()
        ?? throw new ArgumentException($"There is no timer function {function}.", nameof(function));

    /// <summary>Takes no more requests, and lets requests, timers and batches finish, within the drain limit.</summary>
    public Task StopAsync(CancellationToken cancellation = default) => _app.StopAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static WebApplication Build(FunctionAppOptions options)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(FunctionApp).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Configuration.AddConfiguration(options.Configuration);
        options.ConfigureLogging(builder.Logging);
        builder.Logging
            .AddFilter("Microsoft.AspNetCore", LogLevel.Warning)
            .AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Critical)
            // Where it may log at all, the server makes a span and a scope for each request; ours say the same.
            .AddFilter("Microsoft.AspNetCore.Hosting", LogLevel.None);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Listen(kestrel, options.Port));

        var services = builder.Services;
        services.AddSingleton<IHostLifetime, CallerLifetime>();
        services.AddSingleton(options.TimeProvider);
        services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainLimit + AfterDrain);
        services.AddRouting();
        services.AddMvcCore();
        services.AddSingleton(options);
        services.AddSingleton(new Drain(options.DrainLimit));
        services.AddHostedService(provider => provider.GetRequiredService<Drain>());
        options.ConfigureServices(services);
        var pipeline = new WorkerPipeline(services);
        options.ConfigureWorker(pipeline);
        services.AddSingleton(pipeline);

        // After the app's own services, so that these start later and stop sooner.
        services.AddSingleton<TimerPump>();
        services.AddSingleton<QueuePump>();
        services.AddHostedService(provider => provider.GetRequiredService<TimerPump>());
        services.AddHostedService(provider => provider.GetRequiredService<QueuePump>());
        return builder.Build();
    }

    /// <summary>Leaves the server's limits at their defaults, as the worker does: the app raises them.</summary>
    private static void Listen(KestrelServerOptions kestrel, int port)
    {
        kestrel.AddServerHeader = false;
        if (port == 0)
        {
            kestrel.Listen(IPAddress.Loopback, 0);
        }
        else
        {
            kestrel.ListenLocalhost(port);
        }
    }
}

/// <summary>
/// The host lives as long as its caller says; signals are the caller's affair, for many hosts may share a process.
/// </summary>
internal sealed class CallerLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>Another process listens on the port that was asked for.</summary>
public sealed class PortTakenException(int port, Exception? inner = null)
    : IOException($"Port {port} is taken by another process: choose another with --port.", inner)
{
    public int Port => port;
}
