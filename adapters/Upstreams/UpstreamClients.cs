using System.Collections.Concurrent;
using Freeway.Gateway.Upstreams;
using Refit;

namespace Freeway.Adapters.Upstreams;

/// <summary>
/// One client for each address, for the life of the process: an upstream that moves gets another, and keys go with each
/// call.
/// </summary>
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

/// <summary>An OpenAI-compatible upstream, as far as we call it. Bodies pass through both ways as bytes.</summary>
internal interface IOpenAiApi
{
    /// <param name="path">Of the endpoint, e.g. <c>chat/completions</c>; its slashes stay.</param>
    /// <param name="credentials">The header with the upstream's key; empty sends none.</param>
    [Post("/{**path}")]
    Task<HttpResponseMessage> PostAsync(
        string path, [Body] HttpContent body, [HeaderCollection] IDictionary<string, string> credentials, CancellationToken cancellation);

    /// <summary>Reads what an upstream says of itself: its models, or the state of the key.</summary>
    /// <inheritdoc cref="PostAsync"/>
    [Get("/{**path}")]
    Task<HttpResponseMessage> GetAsync(string path, [HeaderCollection] IDictionary<string, string> credentials, CancellationToken cancellation);
}
