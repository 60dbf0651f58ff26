using Refit;

namespace Freeway.Adapters.Upstreams;

/// <summary>An OpenAI-compatible upstream, as far as we call it. Bodies pass through both ways as bytes.</summary>
internal interface IOpenAiApi
{
    /// <param name="path">Of the endpoint, e.g. <c>chat/completions</c>; its slashes stay.</param>
    /// <param name="key">Sent as bearer; null sends no credentials.</param>
    [Post("/{**path}")]
    Task<HttpResponseMessage> PostAsync(string path, [Body] HttpContent body, [Authorize("Bearer")] string? key, CancellationToken cancellation);
}
