using Refit;

namespace Freeway.Adapters.Upstreams;

/// <summary>An OpenAI-compatible upstream, as far as we call it. Bodies pass through both ways as bytes.</summary>
internal interface IOpenAiApi
{
    /// <param name="key">Sent as bearer; null sends no credentials.</param>
    [Post("/chat/completions")]
    Task<HttpResponseMessage> ChatCompletionsAsync([Body] HttpContent body, [Authorize("Bearer")] string? key, CancellationToken cancellation);

    /// <inheritdoc cref="ChatCompletionsAsync"/>
    [Post("/embeddings")]
    Task<HttpResponseMessage> EmbeddingsAsync([Body] HttpContent body, [Authorize("Bearer")] string? key, CancellationToken cancellation);

    /// <inheritdoc cref="ChatCompletionsAsync"/>
    [Post("/images/generations")]
    Task<HttpResponseMessage> ImageGenerationsAsync([Body] HttpContent body, [Authorize("Bearer")] string? key, CancellationToken cancellation);
}
