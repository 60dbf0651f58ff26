namespace Freeway.Gateway.Models;

/// <summary>A kind of inference request: it decides how a body is read, what is estimated and how usage is reported.</summary>
public enum Surface
{
    ChatCompletions,
    Embeddings,
    ImageGenerations,
}
