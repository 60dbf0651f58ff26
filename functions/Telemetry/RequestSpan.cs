using System.Diagnostics;
using Freeway.Functions.Http.Manners;
using Freeway.Gateway.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Telemetry;

/// <summary>
/// One HTTP request as a span, until its books are closed. It names the door, never the path as it was asked for, the query or a
/// header: those are a stranger's words.
/// </summary>
internal static class RequestSpan
{
    private const string TraceParent = "traceparent";

    private static readonly HashSet<string> Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

    public static async Task RunAsync(HttpContext http, FunctionContext context, RequestDelegate next)
    {
        using var span = Tracing.Enter(context.FunctionDefinition.Name, http.Request.Headers[TraceParent] is [var sent] ? sent : null);
        try
        {
            await next(http);
        }
        catch (Exception error) when (Note(span, error))
        {
            throw;
        }
        finally
        {
            if (span is not null)
            {
                End(span, http);
            }
        }
    }

    /// <summary>The id by which lines and spans find each other; also on what is not recorded, for its lines.</summary>
    public static void Name(RequestIdentity identity) => Activity.Current?.SetTag(Tracing.RequestId, identity.Id);

    private static void End(Activity span, HttpContext http)
    {
        if (!span.IsAllDataRequested)
        {
            return;
        }

        var method = Methods.Contains(http.Request.Method) ? http.Request.Method : "_OTHER";
        span.SetTag("http.request.method", method);
        if ((http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText is { } route)
        {
            span.SetTag("http.route", route);
            span.DisplayName = $"{method} {route}";
        }

        span.SetTag("http.response.status_code", http.Response.StatusCode);
        if (http.RequestAborted.IsCancellationRequested)
        {
            span.SetTag("freeway.caller_gone", true);
        }

        if (http.Response.StatusCode >= StatusCodes.Status500InternalServerError)
        {
            span.SetStatus(ActivityStatusCode.Error);
        }
    }

    /// <summary>The kind of error alone: its message may hold anything.</summary>
    private static bool Note(Activity? span, Exception error)
    {
        span?.Fault(error.GetType().Name);
        return false;
    }
}
