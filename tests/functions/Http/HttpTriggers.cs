using System.Reflection;
using Freeway.Functions.Http;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Tests.Http;

/// <summary>The HTTP functions as their attributes declare them.</summary>
internal static class HttpTriggers
{
    public static IReadOnlyList<HttpTrigger> All { get; } =
    [
        .. from type in typeof(ModelsFunction).Assembly.GetExportedTypes()
           from method in type.GetMethods()
           from parameter in method.GetParameters()
           let trigger = parameter.GetCustomAttribute<HttpTriggerAttribute>()
           where trigger is not null
           select new HttpTrigger(
               method.GetCustomAttribute<FunctionAttribute>()!.Name, trigger.Route!,
               trigger.Methods?.Select(verb => verb.ToUpperInvariant()).ToArray()),
    ];

    /// <summary>The one that takes every method of every path.</summary>
    public static HttpTrigger Fallback { get; } = All.Single(trigger => trigger.Methods is null);

    public static IReadOnlyList<HttpTrigger> Endpoints { get; } = [.. All.Except([Fallback])];

    /// <summary>
    /// The function that serves an operation of the OpenAPI document: the one with its template for a route, else the
    /// one whose route ends in a parameter that may be left out, or in a catch-all, which takes the template's end.
    /// </summary>
    public static HttpTrigger Serving(string method, string template)
    {
        var candidates = Endpoints.Where(trigger => trigger.Methods!.Contains(method)).ToList();
        return candidates.Find(trigger => trigger.Route == template)
            ?? candidates.Single(trigger => Covers(trigger.Route.Split('/'), template.Split('/')));
    }

    private static bool Covers(string[] route, string[] template)
    {
        var before = route.Length - 1;
        var takesAny = route[^1].StartsWith("{*", StringComparison.Ordinal);
        var takesOne = route[^1].EndsWith("?}", StringComparison.Ordinal) && template.Length <= route.Length;
        return (takesAny || takesOne) && template.Length >= before
            && template.AsSpan(0, before).SequenceEqual(route.AsSpan(0, before));
    }
}

/// <param name="Methods">In upper case; null where the function takes all.</param>
internal sealed record HttpTrigger(string Function, string Route, string[]? Methods);
