using Freeway.Runner.Hosting.Functions;
using Freeway.Runner.Hosting.Http;
using Freeway.Runner.Hosting.Queues;
using Freeway.Runner.Hosting.Settings;
using Freeway.Runner.Hosting.Timers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Freeway.Runner.Hosting;

/// <summary>Runs function classes in this process, by their attributes and the real host's rules.</summary>
public sealed class FunctionApp : IFunctionHost
{
    private readonly WebApplication _app;

    private FunctionApp(WebApplication app) => _app = app;

    /// <summary>Gets the address that the app listens at, without a slash at the end.</summary>
    public Uri Url => HostServer.Reachable(_app.Urls.First());

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
            AddTimersAndQueues(app.Services, functions, options, errors);
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

    /// <inheritdoc/>
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

    private static void AddTimersAndQueues(
        IServiceProvider services, IReadOnlyList<FoundFunction> functions, FunctionAppOptions options, BindingErrors errors)
    {
        var (timers, queues) = (services.GetRequiredService<TimerPump>(), services.GetRequiredService<QueuePump>());
        var (pipeline, scopes) =
            (services.GetRequiredService<WorkerPipeline>(), services.GetRequiredService<IServiceScopeFactory>());
        foreach (var function in functions)
        {
            if (function.Trigger is TimerTriggerAttribute timer)
            {
                errors.Catch(function.Name, () => timers.Add(
                    function.Name,
                    new TimerTrigger(timer.Schedule, timer.RunOnStartup, timer.UseMonitor),
                    new InProcessTimer(function, pipeline, scopes).CallAsync));
            }
            else if (function.Trigger is ServiceBusTriggerAttribute queue && options.RunQueues)
            {
                bool? autoComplete = function.Says(nameof(queue.AutoCompleteMessages)) ? queue.AutoCompleteMessages : null;
                errors.Catch(function.Name, () => queues.Add(
                    function.Name,
                    new QueueTrigger(
                        queue.QueueName, queue.TopicName, queue.SubscriptionName, queue.Connection, queue.IsBatched,
                        autoComplete, queue.IsSessionsEnabled),
                    new InProcessQueue(function, queue.IsBatched, pipeline, scopes).CallAsync));
            }
        }
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
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => HostServer.Listen(kestrel, options.Bind, options.Port));

        var services = builder.Services;
        services.AddSingleton<IHostLifetime, CallerLifetime>();
        services.AddSingleton(options.TimeProvider);
        services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainLimit + HostServer.AfterDrain);
        services.AddRouting();
        services.AddMvcCore();
        services.AddSingleton(options);
        services.AddSingleton(new Drain(options.DrainLimit, options.HostFile.FunctionTimeout));
        services.AddHostedService(provider => provider.GetRequiredService<Drain>());
        options.ConfigureServices(services);
        services.PostConfigure<KestrelServerOptions>(server => HostServer.Limit(server.Limits, options.Configuration));
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
}
