using System.Collections.Concurrent;
using Freeway.Gateway.Routing;
using Refit;

namespace Freeway.Adapters.Upstreams;

/// <summary>One client for each upstream, for the life of the process: what it answers and what it may be asked go through one place.</summary>
internal sealed class UpstreamClients(IHttpClientFactory clients)
{
    public const string ClientName = "upstream";

    private readonly ConcurrentDictionary<string, IOpenAiApi> _apis = new(StringComparer.Ordinal);

    public IOpenAiApi this[Upstream upstream] => _apis.GetOrAdd(upstream.Name, Connect, upstream);

    /// <summary>The header with its key; none where it has no key.</summary>
    public static Dictionary<string, string> Credentials(Upstream upstream) =>
        upstream.ApiKey is { Length: > 0 } key ? new(1) { [upstream.Auth.Header] = upstream.Auth.Value(key) } : [];

    private IOpenAiApi Connect(string name, Upstream upstream)
    {
        var client = clients.CreateClient(ClientName);
        client.BaseAddress = upstream.BaseUrl;
        return RestService.For<IOpenAiApi>(client);
    }
}
