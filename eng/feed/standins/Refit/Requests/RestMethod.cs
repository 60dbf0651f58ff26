using System.Collections.Concurrent;
using System.Reflection;

namespace Refit.Requests;

/// <summary>One method of an interface: how its arguments become a request, and the answer its result.</summary>
internal sealed class RestMethod
{
    private static readonly ConcurrentDictionary<Type, IReadOnlyDictionary<MethodInfo, RestMethod>> Known = [];

    private readonly RequestTemplate _template;
    private readonly ResponseReader _reader;

    private RestMethod(MethodInfo method, HttpMethodAttribute attribute)
    {
        _template = new RequestTemplate(method, attribute);
        _reader = ResponseReader.For(method.ReturnType)
            ?? throw new ArgumentException($"{method} of {method.DeclaringType} must return a Task, with or without a result.");
    }

    public static IReadOnlyDictionary<MethodInfo, RestMethod> ParseAll(Type type) => Known.GetOrAdd(type, static type =>
        type.GetInterfaces().Append(type).SelectMany(declaring => declaring.GetMethods()).ToDictionary(
            method => method,
            method => new RestMethod(method, method.GetCustomAttribute<HttpMethodAttribute>()
                ?? throw new ArgumentException($"{method} of {type} has no attribute that names its HTTP method."))));

    public Task Call(HttpClient client, RefitSettings settings, object?[] arguments)
    {
        if (client.BaseAddress is null)
        {
            throw new InvalidOperationException("BaseAddress must be set on the HttpClient instance");
        }

        var request = _template.Fill(client.BaseAddress, settings, arguments, out var cancellation);
        return _reader.ReadAsync(new Exchange(client, request, settings, cancellation));
    }
}
