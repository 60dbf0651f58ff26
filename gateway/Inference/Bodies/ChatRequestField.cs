namespace Freeway.Gateway.Inference.Bodies;

/// <summary>The members of a chat request that we act on. Each may be written once.</summary>
[Flags]
internal enum ChatRequestField
{
    Other = 0,
    Model = 1,
    Stream = 2,
    Messages = 4,
    StreamOptions = 8,
    IncludeUsage = 16,
    MaxTokens = 32,
    MaxCompletionTokens = 64,
    MaxOutputTokens = 128,
    N = 256,
}
