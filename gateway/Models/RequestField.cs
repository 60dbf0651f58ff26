namespace Freeway.Gateway.Models;

/// <summary>
/// The members of a request that may be acted on; each may be written once. And the two kinds of the rest.
/// </summary>
[Flags]
public enum RequestField
{
    /// <summary>Any other member: its value may reach the model, so it counts as prompt.</summary>
    Other = 0,
    Model = 1,
    Stream = 1 << 1,

    /// <summary>The surface's own: messages, input or prompt.</summary>
    Content = 1 << 2,
    StreamOptions = 1 << 3,
    IncludeUsage = 1 << 4,
    MaxTokens = 1 << 5,
    MaxCompletionTokens = 1 << 6,
    MaxOutputTokens = 1 << 7,
    N = 1 << 8,
    BestOf = 1 << 9,
    Size = 1 << 10,

    /// <summary>The way in which an answer of bytes is sent: <c>sse</c> makes it a stream of events.</summary>
    StreamFormat = 1 << 11,

    /// <summary>Names what the upstream keeps: the prompt is longer than what is sent.</summary>
    PreviousResponse = 1 << 12,

    /// <inheritdoc cref="PreviousResponse"/>
    Conversation = 1 << 13,

    /// <inheritdoc cref="PreviousResponse"/>
    StoredPrompt = 1 << 14,

    /// <summary>A member whose value does not reach the model, so that it does not count as prompt.</summary>
    Aside = 1 << 15,

    /// <summary>The slugs that are tried in turn; the upstream never sees it.</summary>
    Models = 1 << 16,

    /// <summary>The tier by which the upstream is to bill the request.</summary>
    ServiceTier = 1 << 17,

    /// <summary>The upstreams that the request wants; they do not see this member.</summary>
    Provider = 1 << 18,

    /// <summary>The tools that the model may call; they count as prompt.</summary>
    Tools = 1 << 19,

    /// <summary>
    /// The wish that the upstream works on after the connection is closed, when nobody would see what it used.
    /// </summary>
    Background = 1 << 20,

    /// <summary>Names the end user, and never reaches the model.</summary>
    User = 1 << 21,

    /// <summary>Names the end user, too, and is asked first.</summary>
    SafetyIdentifier = 1 << 22,

    /// <summary>The members by which the upstream adds to the prompt from its own store.</summary>
    Stored = PreviousResponse | Conversation | StoredPrompt,

    /// <summary>All that bound the output.</summary>
    Ceilings = MaxTokens | MaxCompletionTokens | MaxOutputTokens,
}
