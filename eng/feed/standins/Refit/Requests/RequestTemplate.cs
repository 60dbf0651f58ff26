using System.Reflection;

namespace Refit.Requests;

/// <summary>What the attributes say of a request; arguments fill it.</summary>
internal sealed class RequestTemplate
{
    private readonly HttpMethod _method;
    private readonly PathTemplate _path;
    private readonly IReadOnlyList<string> _headers;
    private readonly IReadOnlyList<RestParameter> _parameters;

    public RequestTemplate(MethodInfo method, HttpMethodAttribute attribute)
    {
        _method = attribute.Method;
        _path = new PathTemplate(attribute.Path);
        _headers =
        [
            .. method.DeclaringType!.GetCustomAttribute<HeadersAttribute>()?.Headers ?? [],
            .. method.GetCustomAttribute<HeadersAttribute>()?.Headers ?? [],
        ];
        _parameters = [.. method.GetParameters().Select(parameter => RestParameter.Parse(parameter, _method, _path))];
        if (_path.Names.FirstOrDefault(name => !_parameters.Any(parameter => parameter.Fills(name))) is { } missing)
        {
            throw new ArgumentException($"URL {attribute.Path} has parameter {missing}, but no method parameter matches");
        }
    }

    public HttpRequestMessage Fill(Uri baseAddress, RefitSettings settings, object?[] arguments, out CancellationToken cancellation)
    {
        var request = new HttpRequestMessage { Method = _method };
        var url = new UrlBuilder(baseAddress, _path);
        var headers = new HeaderSet(_headers);
        cancellation = CancellationToken.None;
        foreach (var parameter in _parameters)
        {
            var argument = arguments[parameter.Position];
            switch (parameter.Role)
            {
                case ParameterRole.Cancellation:
                    cancellation = argument as CancellationToken? ?? CancellationToken.None;
                    break;
                case ParameterRole.Path:
                    url.SetPath(parameter, argument);
                    break;
                case ParameterRole.Query:
                    url.AddQuery(parameter, argument);
                    break;
                case ParameterRole.Header:
                    headers.Set(parameter.Name, parameter.Format(argument));
                    break;
                case ParameterRole.Authorization:
                    headers.Set("Authorization", $"{parameter.Name} {argument}");
                    break;
                case ParameterRole.HeaderCollection:
                    headers.SetAll((IDictionary<string, string>?)argument);
                    break;
                case ParameterRole.Body:
                    request.Content = BodyContent.From(argument, parameter.BodyMethod, settings.ContentSerializer);
                    break;
            }
        }

        request.RequestUri = url.ToUri();
        headers.ApplyTo(request);
        return request;
    }
}
