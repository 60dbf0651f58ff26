using System.Collections.Concurrent;
using Freeway.Gateway.Routing;
using Refit;

namespace Freeway.Adapters.Upstreams;

/// <summary>One client for each address, for the life of the process: an upstream that moves gets another, and keys go with each call.</summary>
internal sealed class UpstreamClients(IHttpClientFactory clients)
{
    public const string ClientName = "upstream";

    private readonly ConcurrentDictionary<string, IOpenAiApi> _apis = new(StringComparer.Ordinal);

    public IOpenAiApi this[Upstream upstream] => _apis.GetOrAdd(upstream.BaseUrl.AbsoluteUri, Connect, upstream.BaseUrl);

    /// <summary>The header with its key; none where it has no key.</summary>
    public static Dictionary<string, string> Credentials(Upstream upstream) =>
        upstream.ApiKey is { Length: > 0 } key ? new(1) { [upstream.Auth.Header] = upstream.Auth.Value(key) } : [];

    private IOpenAiApi Connect(string name, Uri address)
    {
        var client = clients.CreateClient(ClientName);
        client.BaseAddress = address;
        return RestService.ForGenerated<IOpenAiApi>(client);
    }
}
