using System.Globalization;
using Freeway.Gateway.Inference;
using Freeway.Runner.Clock;
using Freeway.Runner.Hosting.Functions;
using Freeway.Runner.Hosting.Timers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing.Constraints;
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
        var admin = AdminHandler(options.Keys, loggers.CreateLogger("Host"));
        var host = new RouteCollection();
        host.Add(Route("/admin/functions/{name}", ["POST"], admin, constraints));
        if (options.TimeProvider is ManualClock clock)
        {
            var (timers, answers) =
                (app.Services.GetRequiredService<TimerPump>(), app.Services.GetRequiredService<AfterAnswers>());
            var endpoint = new ClockEndpoint(clock, timers, answers, options.Keys);
            host.Add(Route(ClockEndpoint.Path, ["GET", "POST"], endpoint.ServeAsync, constraints));
            app.Use((http, next) => DatedAsync(http, next, clock));
        }

        foreach (var function in functions.OrderBy(function => function.Name, StringComparer.OrdinalIgnoreCase))
        {
            if (function.Trigger is HttpTriggerAttribute trigger)
            {
                var logger = loggers.CreateLogger($"Function.{function.Name}");
                errors.Catch(function.Name, () =>
                {
                    var http = new HttpFunction(
                        function, trigger, pipeline, options.Keys, options.TimeProvider, drain, logger);
                    var pattern = Pattern(options.HostFile.RoutePrefix, trigger.Route ?? function.Name);
                    host.Add(Route(pattern, trigger.Methods, http.ChosenAsync, constraints));
                    MapInWorker(app, pattern, trigger.Methods, function.Name);
                });
            }
        }

        var known = new KnownRoutes(host);
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

    private static async Task RouteInHostAsync(KnownRoutes host, RequestDelegate next, HttpContext http)
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

    private static Route Route(
        string pattern, string[]? methods, RequestDelegate handler, IInlineConstraintResolver constraints)
    {
        // The method counts to the route: one that a function does not take goes on to the next function.
        var method = methods is { Length: > 0 }
            ? new Dictionary<string, object> { ["httpMethod"] = new HttpMethodRouteConstraint(methods) }
            : [];
        return new Route(new RouteHandler(handler), pattern, defaults: null, method, dataTokens: null, constraints);
    }

    private static string Pattern(string prefix, string route) =>
        $"/{prefix.Trim('/')}/{route.Trim('/')}".Replace("//", "/", StringComparison.Ordinal);

    /// <summary>
    /// Runs a timer now, as the real host's <c>POST /admin/functions/{name}</c> does, but answers when it is done.
    /// </summary>
    private static RequestDelegate AdminHandler(HostKeys keys, ILogger logger) => async http =>
    {
        if (!keys.OpensAdmin(HttpFunction.KeyOf(http.Request)))
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        var name = (string)http.Features.GetRequiredFeature<HostRoute>().Values["name"]!;
        if (http.RequestServices.GetRequiredService<TimerPump>().Find(name) is not { } timer)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        try
        {
            await timer.RunNowAsync();
            http.Response.StatusCode = StatusCodes.Status202Accepted;
        }
        catch (Exception e)
        {
            HostLog.FunctionFailed(logger, e, timer.Name, http.TraceIdentifier);
            http.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
    };
}
