using System.Globalization;
using Freeway.Gateway.Inference;
using Freeway.Runner.Clock;
using Freeway.Runner.Hosting.Functions;
using Freeway.Runner.Hosting.Settings;
using Freeway.Runner.Hosting.Timers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Freeway.Runner.Hosting.Http;

/// <summary>
/// Routes requests twice, as it happens on Azure. First the host goes through the functions by name, without regard to
/// case, and takes the first whose route and methods match. Then the worker's own server finds an endpoint, by ASP.NET
/// Core's precedence: the request's endpoint and route values are the worker's, the function and its parameters the
/// host's.
/// </summary>
internal static class HttpRoutes
{
    public static void Map(
        WebApplication app, IEnumerable<FoundFunction> functions, FunctionAppOptions options, BindingErrors errors)
    {
        var constraints = app.Services.GetRequiredService<IInlineConstraintResolver>();
        var loggers = app.Services.GetRequiredService<ILoggerFactory>();
        var pipeline = app.Services.GetRequiredService<WorkerPipeline>();
        var drain = app.Services.GetRequiredService<Drain>();

        // The host's own routes come before all functions.
        var host = new HostRoutes(constraints);
        host.Add(
            AdminEndpoint.Path, ["POST"],
            new AdminEndpoint(
                app.Services.GetRequiredService<TimerPump>(), options.Keys, loggers.CreateLogger("Host")).ServeAsync);
        if (options.TimeProvider is ManualClock clock)
        {
            var (timers, answers) =
                (app.Services.GetRequiredService<TimerPump>(), app.Services.GetRequiredService<AfterAnswers>());
            var endpoint = new ClockEndpoint(clock, timers, answers, options.Keys);
            host.Add(ClockEndpoint.Path, ["GET", "POST"], endpoint.ServeAsync);
            app.Use((http, next) => DatedAsync(http, next, clock));
        }

        var found =
            from function in functions
            let trigger = function.Trigger as HttpTriggerAttribute
            where trigger is not null
            let pattern = HostRoutes.Pattern(options.HostFile.RoutePrefix, trigger.Route ?? function.Name)
            select (Function: function, Trigger: trigger, Pattern: pattern);
        foreach (var (function, trigger, pattern) in HostRoutes.InOrder(
            found, options.RouteOrder, route => route.Function.Name, route => route.Pattern))
        {
            var logger = loggers.CreateLogger($"Function.{function.Name}");
            errors.Catch(function.Name, () =>
            {
                var http = new HttpFunction(
                    function, trigger, pipeline, app.Services, options.Keys, options.TimeProvider, drain, logger);
                host.Add(pattern, trigger.Methods, http.ChosenAsync);
                MapInWorker(app, pattern, trigger.Methods, function.Name);
            });
        }

        var known = host.Known();
        app.Use(next => http => RouteInHostAsync(known, next, http));
        app.UseRouting();
    }

    /// <summary>Answers carry the date that the clock shows; the server's own would be today's.</summary>
    private static Task DatedAsync(HttpContext http, RequestDelegate next, ManualClock clock)
    {
        http.Response.OnStarting(() =>
        {
            http.Response.Headers.Date = clock.GetUtcNow().ToString("R", CultureInfo.InvariantCulture);
            return Task.CompletedTask;
        });
        return next(http);
    }

    private static Task RouteInHostAsync(KnownRoutes host, RequestDelegate next, HttpContext http)
    {
        if (host.Find(http) is { } known)
        {
            http.Features.Set(new HostRoute([], next));
            return known(http);
        }

        return SearchInHostAsync(host, next, http);
    }

    private static async Task SearchInHostAsync(KnownRoutes host, RequestDelegate next, HttpContext http)
    {
        var (handler, values) = await host.FindAsync(http);
        if (handler is null)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        http.Features.Set(new HostRoute(values, next));
        await handler(http);
    }

    private static void MapInWorker(WebApplication app, string pattern, string[]? methods, string name)
    {
        RequestDelegate serve = http => http.Features.GetRequiredFeature<HostRoute>().Function!.ServeAsync(http);
        var endpoint = methods is { Length: > 0 } ? app.MapMethods(pattern, methods, serve) : app.Map(pattern, serve);
        endpoint.WithDisplayName(name);
    }
}
