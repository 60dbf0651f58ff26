using System.Collections;
using System.Diagnostics;
using Freeway.Functions.Http.Requests;
using Freeway.Gateway.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Telemetry;

/// <summary>
/// Records one HTTP request as a span, until it is settled. The span names the route, never the path as it was sent,
/// the query or a header: a caller may have put anything there.
/// </summary>
internal static class RequestSpan
{
    private const string TraceParent = "traceparent";

    private static readonly HashSet<string> Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

    public static async Task RunAsync(HttpContext http, FunctionContext context, RequestDelegate next)
    {
        using var span = Tracing.Enter(
            context.FunctionDefinition.Name, http.Request.Headers[TraceParent] is [var sent] ? sent : null);
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

/// <summary>Adds the id of the request to every line that is logged for it.</summary>
internal sealed class RequestScope(string id) : IReadOnlyList<KeyValuePair<string, object?>>
{
    private readonly KeyValuePair<string, object?> _pair = new("FreewayRequestId", id);

    public int Count => 1;

    public KeyValuePair<string, object?> this[int index] => index is 0 ? _pair : throw new ArgumentOutOfRangeException(
        nameof(index));

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        yield return _pair;
    }

    public override string ToString() => $"request {_pair.Value}";

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
