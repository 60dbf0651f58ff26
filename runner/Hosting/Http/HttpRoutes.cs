using Freeway.Runner.Hosting.Functions;
using Freeway.Runner.Hosting.Timers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Freeway.Runner.Hosting.Http;

/// <summary>Puts HTTP functions on ASP.NET's routes as the real host would.</summary>
internal static class HttpRoutes
{
    public static void Map(WebApplication app, IEnumerable<FoundFunction> functions, FunctionAppOptions options, BindingErrors errors)
    {
        app.UseRouting();
        app.Use(HideWrongMethods);
        var pipeline = app.Services.GetRequiredService<WorkerPipeline>();
        var drain = app.Services.GetRequiredService<Drain>();
        var loggers = app.Services.GetRequiredService<ILoggerFactory>();
        foreach (var function in functions)
        {
            if (function.Trigger is HttpTriggerAttribute trigger)
            {
                var logger = loggers.CreateLogger($"Function.{function.Name}");
                errors.Catch(function.Name, () => Map(
                    app, new HttpFunction(function, trigger, pipeline, options.Keys, options.TimeProvider, drain, logger),
                    Pattern(options.HostFile.RoutePrefix, trigger.Route ?? function.Name), function.Name));
            }
        }

        MapAdmin(app, options.Keys, loggers.CreateLogger("Host"));
    }

    private static void Map(WebApplication app, HttpFunction function, string pattern, string name)
    {
        var route = function.Methods.Count > 0
            ? app.MapMethods(pattern, function.Methods, function.ServeAsync)
            : app.Map(pattern, function.ServeAsync);
        route.WithDisplayName(name);
    }

    private static string Pattern(string prefix, string route) => $"/{prefix.Trim('/')}/{route.Trim('/')}".Replace("//", "/", StringComparison.Ordinal);

    /// <summary>The real host counts the method to the route: a wrong one finds nothing.</summary>
    private static Task HideWrongMethods(HttpContext http, RequestDelegate next)
    {
        if (http.GetEndpoint() is { } endpoint and not RouteEndpoint)
        {
            http.SetEndpoint(null);
        }

        return next(http);
    }

    /// <summary>Runs a timer now, as the real host's <c>POST /admin/functions/{name}</c> does, but answers when it is done.</summary>
    private static void MapAdmin(WebApplication app, HostKeys keys, ILogger logger) =>
        app.MapPost("/admin/functions/{name}", async (HttpContext http, string name) =>
        {
            if (!keys.OpensAdmin(HttpFunction.KeyOf(http.Request)))
            {
                http.Response.StatusCode = StatusCodes.Status401Unauthorized;
                return;
            }

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
        });
}
