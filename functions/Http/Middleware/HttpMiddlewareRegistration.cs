using Freeway.Functions.Http.Endpoints;
using Freeway.Functions.Http.Responses;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Freeway.Functions.Http.Middleware;

/// <summary>Registers the HTTP middleware, the limits of the web server, and what all endpoints run by.</summary>
internal static class HttpMiddlewareRegistration
{
    public static IServiceCollection AddHttpMiddleware(this IServiceCollection services) => services
        .Configure<KestrelServerOptions>(ServerLimits.Raise)
        .AddCors()
        .AddSingleton<IResponseCompressionProvider, ResponseCompression>()
        .AddResponseCompression(compression =>
        {
            // No answer holds a secret beside text that somebody else wrote, so that its length tells nothing.
            compression.EnableForHttps = true;
            compression.MimeTypes =
                [.. ResponseCompressionDefaults.MimeTypes, JsonResponse.Problem, "text/csv", "image/svg+xml"];
        })
        .AddSingleton<HttpEndpointRunner>()
        .AddSingleton<UnmatchedRequestHandler>();
}
