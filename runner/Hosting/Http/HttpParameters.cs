using System.ComponentModel;
using System.Reflection;
using Freeway.Runner.Hosting.Functions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Freeway.Runner.Hosting.Http;

/// <summary>
/// Fills the parameters of an HTTP function: the request, and simple values by name from route and query.
/// </summary>
internal static class HttpParameters
{
    public static Bind<HttpInvocation>? Rule(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        if (type == typeof(HttpRequest))
        {
            return invocation => invocation.Http.Request;
        }

        var simple = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(CancellationToken) || !IsSimple(simple))
        {
            return null;
        }

        var name = parameter.Name!;
        var missing = parameter.HasDefaultValue ? parameter.DefaultValue
            : type.IsValueType && type == simple ? Activator.CreateInstance(type) : null;
        if (simple == typeof(string))
        {
            return invocation => Text(invocation.Http, name) ?? missing;
        }

        var converter = TypeDescriptor.GetConverter(simple);
        return invocation => Text(invocation.Http, name) is { } text ? converter.ConvertFromInvariantString(text) : missing;
    }

    private static bool IsSimple(Type type) =>
        type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(Guid) || type == typeof(decimal)
        || type == typeof(DateTime) || type == typeof(DateTimeOffset) || type == typeof(TimeSpan);

    private static string? Text(HttpContext http, string name)
    {
        var ofRoute = http.Features.GetRequiredFeature<HostRoute>().Values[name] as string;
        return ofRoute ?? (http.Request.Query.TryGetValue(name, out var values) ? values[0] : null);
    }
}
