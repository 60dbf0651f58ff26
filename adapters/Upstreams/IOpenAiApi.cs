using Refit;

namespace Freeway.Adapters.Upstreams;

/// <summary>An OpenAI-compatible upstream, as far as we call it. Bodies pass through both ways as bytes.</summary>
internal interface IOpenAiApi
{
    /// <param name="path">Of the endpoint, e.g. <c>chat/completions</c>; its slashes stay.</param>
    /// <param name="credentials">The header with the upstream's key; empty sends none.</param>
    [Post("/{**path}")]
    Task<HttpResponseMessage> PostAsync(
        string path, [Body] HttpContent body, [HeaderCollection] IDictionary<string, string> credentials, CancellationToken cancellation);

    /// <summary>What the upstream says of itself: its models, or our key.</summary>
    /// <inheritdoc cref="PostAsync"/>
    [Get("/{**path}")]
    Task<HttpResponseMessage> GetAsync(string path, [HeaderCollection] IDictionary<string, string> credentials, CancellationToken cancellation);
}
