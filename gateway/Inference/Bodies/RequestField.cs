namespace Freeway.Gateway.Inference.Bodies;

/// <summary>The members of a request that we act on; each may be written once. And the two kinds of the rest.</summary>
[Flags]
internal enum RequestField
{
    /// <summary>What it holds may reach the model, so it counts as prompt.</summary>
    Other = 0,
    Model = 1,
    Stream = 2,

    /// <summary>The surface's own: messages, input or prompt.</summary>
    Content = 4,
    StreamOptions = 8,
    IncludeUsage = 16,
    MaxTokens = 32,
    MaxCompletionTokens = 64,
    MaxOutputTokens = 128,
    N = 256,
    Size = 512,

    /// <summary>Never reaches the model.</summary>
    Aside = 1024,
}
