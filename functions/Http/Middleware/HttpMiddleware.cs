using Freeway.Functions.Http.Endpoints;
using Freeway.Functions.Http.Requests;
using Freeway.Functions.Http.Responses;
using Freeway.Functions.Settings;
using Freeway.Functions.Telemetry;
using Freeway.Gateway.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;

namespace Freeway.Functions.Http.Middleware;

/// <summary>
/// Runs around every HTTP function, in this order: the request's span, its ids, CORS, compression, an error of our
/// shape where the function failed. ASP.NET Core's own middleware does the work; the worker has no web pipeline to put
/// it in, so it is run from here.
/// </summary>
public sealed class HttpMiddleware : IFunctionsWorkerMiddleware
{
    private readonly RequestDelegate _pipeline;

    public HttpMiddleware(
        IServiceProvider services, GatewayOptions options, IdSource ids, HttpEndpointRunner endpoints,
        ILogger<HttpMiddleware> logger)
    {
        var app = new ApplicationBuilder(services);
        app.Use(next => async http =>
        {
            RequestIdentity.Assign(http, ids);
            UncompressedBody.Keep(http);
            RequestSpan.Name(RequestIdentity.Of(http));
            using var scope = logger.BeginScope(new RequestScope(RequestIdentity.Of(http).Id));
            await next(http);
        });
        if (CorsOrigins.Read(options.CorsOrigins) is { Count: > 0 } origins)
        {
            app.UseCors(policy => CorsResponses.Allow(policy, origins));
        }

        app.UseResponseCompression();
        app.Run(http => endpoints.GuardAsync(http, http.Features.GetRequiredFeature<PendingFunction>().RunAsync));
        _pipeline = app.Build();
    }

    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is not { } http)
        {
            return next(context);
        }

        http.Features.Set(new PendingFunction(context, next));
        return Tracing.IsOn ? RequestSpan.RunAsync(http, context, _pipeline) : _pipeline(http);
    }
}

/// <summary>Holds the function that a request is for while the middleware runs.</summary>
internal sealed class PendingFunction(FunctionContext context, FunctionExecutionDelegate next)
{
    public Task RunAsync() => next(context);
}
