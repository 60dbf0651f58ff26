using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Runner.Tests.Hosting.Samples;

public sealed class HttpSamples(Notebook notebook)
{
    [Function("PlainName")]
    public static IActionResult PlainName([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) =>
        new ContentResult { Content = request.Path, StatusCode = 200 };

    [Function("Number")]
    public static IResult Number([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "numbers/{n:int}")] HttpRequest request, int n) =>
        Results.Text($"number {n}");

    [Function("Word")]
    public static IResult Word([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "numbers/{word:alpha}")] HttpRequest request, string word) =>
        Results.Text($"word {word}");

    [Function("Page")]
    public static Task<IResult> Page(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "pages/{page:int?}")] HttpRequest request, int? page, string? sort, int size = 20) =>
        Task.FromResult(Results.Text($"{page?.ToString() ?? "none"} {sort ?? "none"} {size}"));

    [Function("Slug")]
    public static async Task<IActionResult> Slug(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "models/{*slug}")] HttpRequest request, string slug)
    {
        await Task.Yield();
        return new OkObjectResult(new { slug, decoded = Uri.UnescapeDataString(slug) });
    }

    [Function("Thing")]
    public static IResult Get([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "thing")] HttpRequest request) => Results.Text("got");

    [Function("PutThing")]
    public static IResult Put([HttpTrigger(AuthorizationLevel.Anonymous, "put", "post", Route = "thing")] HttpRequest request) =>
        Results.Text(request.Method);

    [Function("Any")]
    public static IResult Any([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => Results.Text(request.Method);

    [Function("Writes")]
    public static async Task Writes([HttpTrigger(AuthorizationLevel.Anonymous, "post")] HttpRequest request, CancellationToken cancellation)
    {
        request.HttpContext.Response.StatusCode = 201;
        await request.Body.CopyToAsync(request.HttpContext.Response.Body, cancellation);
    }

    [Function("Reads")]
    public static async Task Reads(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post")] HttpRequest request, CancellationToken cancellation) =>
        await request.Body.CopyToAsync(Stream.Null, cancellation);

    [Function("Nothing")]
    public static void Nothing([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request)
    {
    }

    [Function("Keyed")]
    public static IResult Keyed([HttpTrigger("get")] HttpRequest request) => Results.Text("open");

    [Function("Admin")]
    public static IResult Admin([HttpTrigger(AuthorizationLevel.Admin, "get")] HttpRequest request) => Results.Text("open");

    [Function("Throws")]
    public static Task<IResult> Throws([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request)
    {
        request.HttpContext.Response.Headers["x-half"] = "said";
        throw new InvalidOperationException("a sample's failure");
    }

    [Function("ThrowsLate")]
    public static async Task ThrowsLate([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request)
    {
        await request.HttpContext.Response.WriteAsync("begun");
        await request.HttpContext.Response.Body.FlushAsync();
        throw new InvalidOperationException("a sample's late failure");
    }

    [Function("Hangs")]
    public async Task Hangs([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request, CancellationToken cancellation)
    {
        await request.HttpContext.Response.WriteAsync("begun", CancellationToken.None);
        await request.HttpContext.Response.Body.FlushAsync(CancellationToken.None);
        notebook.Write("hanging");
        await using var registration = cancellation.Register(() => notebook.Write("cancelled"));
        await notebook.HeldAsync();
        await request.HttpContext.Response.WriteAsync(" and done", CancellationToken.None);
    }

    [Function("Context")]
    public IResult Context([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request, FunctionContext context) => Results.Json(new
    {
        name = context.FunctionDefinition.Name,
        hasId = Guid.TryParse(context.InvocationId, out _),
        sameHttp = context.GetHttpContext() == request.HttpContext,
        sameScope = context.InstanceServices == request.HttpContext.RequestServices,
        notebook = context.InstanceServices.GetService(typeof(Notebook)) == notebook,
    });
}
