namespace Freeway.Gateway.Models;

/// <summary>How a surface streams.</summary>
public enum StreamShape
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Chunks with choices, then <c>[DONE]</c>; usage comes in a chunk of its own, where it is asked for.</summary>
    ChatChunks,

    /// <summary>The same for plain completions.</summary>
    TextChunks,

    /// <summary>Events that each say their <c>type</c>; the last one carries usage, and nothing follows it.</summary>
    Events,
}
