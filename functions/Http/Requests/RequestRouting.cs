using Microsoft.AspNetCore.Http;

namespace Freeway.Functions.Http.Requests;

/// <summary>
/// Says which endpoint a request is for, to functions that serve several. A path's list and its items, and all methods
/// of a path, are one function: the host takes the first function whose route matches, and it decides which is first.
/// </summary>
internal static class RequestRouting
{
    /// <summary>Gives the method in upper case, and GET for HEAD, whose answers only lack the body.</summary>
    public static string Verb(this HttpRequest request) =>
        HttpMethods.IsHead(request.Method) ? HttpMethods.Get : HttpMethods.GetCanonicalizedValue(request.Method);

    /// <summary>
    /// Gives the text of a route's parameter, slashes in it still percent-encoded; null where the path ends before it.
    /// A parameter of the function would not do: where the path has no value, it takes the query's field of that name.
    /// </summary>
    public static string? RouteText(this HttpRequest request, string name) => request.RouteValues[name] as string;
}
