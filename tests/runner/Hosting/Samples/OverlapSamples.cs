using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Runner.Tests.Hosting.Samples;

/// <summary>Functions whose routes overlap; their names are in another order than ASP.NET Core's precedence.</summary>
public static class OverlapSamples
{
    [Function("newest")]
    public static IResult Newest(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "items/newest")] HttpRequest request) =>
        Results.Text("newest");

    [Function("Item")]
    public static IResult Item(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "items/{*item}")] HttpRequest request,
        string? item) =>
        Results.Text($"item {item ?? "none"}, to the worker {request.RouteValues["item"] ?? "none"}");

    [Function("AItem")]
    public static IResult Post(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "items/{item}")] HttpRequest request, string item) =>
        Results.Text($"posted {item}");

    [Function("Zoo")]
    public static IResult Zoo([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "zoo")] HttpRequest request) =>
        Results.Text("zoo");

    [Function("Other")]
    public static IResult Other([HttpTrigger(AuthorizationLevel.Anonymous, Route = "{*path}")] HttpRequest request) =>
        Results.Text("other");
}
