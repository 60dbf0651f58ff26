using System.Reflection;
using Refit.Requests;

namespace Refit;

/// <summary>Makes clients from interfaces.</summary>
public static class RestService
{
    /// <exception cref="ArgumentException">A method is not one that can be called: the message says why.</exception>
    public static T For<T>(HttpClient client) => For<T>(client, settings: null);

    /// <inheritdoc cref="For{T}(HttpClient)"/>
    public static T For<T>(HttpClient client, RefitSettings? settings)
    {
        var proxy = DispatchProxy.Create<T, RestProxy>();
        ((RestProxy)(object)proxy!).Bind(RestMethod.ParseAll(typeof(T)), client, settings ?? new RefitSettings());
        return proxy;
    }
}
