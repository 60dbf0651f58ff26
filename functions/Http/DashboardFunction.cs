using Freeway.Functions.Http.Endpoints;
using Freeway.Functions.Http.OpenApi;
using Freeway.Gateway.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary>
/// <c>GET /dashboard</c> and <c>GET /docs</c>: one page with its script and its style sheet. It asks the API for all
/// that it shows, with the key that its reader types in, so that the page itself is for everybody.
/// </summary>
public sealed class DashboardFunction(DashboardFiles files, HttpEndpointRunner endpoint)
{
    /// <summary>Lets the page load nothing from elsewhere, run nothing inline, and stand in no frame.</summary>
    public const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly EmptyResult Answered = new();

    [Function("Dashboard")]
    public Task<IActionResult> PageAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "dashboard")] HttpRequest request) =>
        SendAsync(request, DashboardFiles.Page);

    [Function("DashboardFile")]
    public Task<IActionResult> FileAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "dashboard/{file}")] HttpRequest request,
        string file) =>
        SendAsync(request, file);

    /// <summary>The API reference is a view of the same page, which looks at its own address.</summary>
    [Function("Docs")]
    public Task<IActionResult> DocsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "docs")] HttpRequest request) =>
        SendAsync(request, DashboardFiles.Page);

    private async Task<IActionResult> SendAsync(HttpRequest request, string name)
    {
        if (files.Find(name) is not { } file)
        {
            return await endpoint.RefuseAsync(request, Refuse.PathNotFound(request.Path, "/dashboard"));
        }

        var http = request.HttpContext;
        var headers = http.Response.Headers;
        headers.CacheControl = file.IsNamedByContent ? "public, max-age=31536000, immutable" : "no-cache";
        headers.Vary = "Accept-Encoding";
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        // It is run here rather than handed to the host, to be compressed like every other answer.
        await TypedResults.Bytes(file.Bytes, file.ContentType, entityTag: file.ETag).ExecuteAsync(http);
        return Answered;
    }
}

/// <summary>Describes the dashboard and the API reference.</summary>
internal static class DashboardOperations
{
    private static readonly ApiContent Html = new("text/html") { Schema = """{"type":"string"}""" };

    public static IEnumerable<ApiOperation> All =>
    [
        new("GET", "dashboard", "getDashboard", ApiTag.Service, "The dashboard: a page over this API")
        {
            IsCached = true,
            Answers = [Html],
        },
        new(
            "GET", "dashboard/{file}", "getDashboardFile", ApiTag.Service,
            "The dashboard's script, its style sheet, and the licences of what is in them")
        {
            Description = "Their names change with their content, so that caches may keep them for ever.",
            Parameters = ["file"],
            IsCached = true,
            Answers = [ApiContent.Anything],
            Errors = [404],
        },
        new("GET", "docs", "getReference", ApiTag.Service, "The API reference: this document as a page")
        {
            IsCached = true,
            Answers = [Html],
        },
    ];
}
