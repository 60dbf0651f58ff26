using System.Reflection;

namespace Refit.Requests;

/// <summary>Behind every client: finds the method that was called, and sends its request.</summary>
#pragma warning disable CA1852 // DispatchProxy derives from it
internal class RestProxy : DispatchProxy
#pragma warning restore CA1852
{
    private IReadOnlyDictionary<MethodInfo, RestMethod> _methods = null!;
    private HttpClient _client = null!;
    private RefitSettings _settings = null!;

    public void Bind(IReadOnlyDictionary<MethodInfo, RestMethod> methods, HttpClient client, RefitSettings settings)
    {
        _methods = methods;
        _client = client;
        _settings = settings;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        _methods[targetMethod!].Call(_client, _settings, args ?? []);
}
