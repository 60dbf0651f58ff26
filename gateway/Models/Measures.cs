namespace Freeway.Gateway.Models;

/// <summary>
/// The units that a request of a surface is counted in, estimated before it is sent and settled afterwards.
/// </summary>
[Flags]
public enum Measures
{
    None = 0,

    /// <summary>The prompt: by its size, then as reported, else by its size again.</summary>
    InputTokens = 1,

    /// <summary>The text that is produced: by the ceiling, then as reported, else by its size.</summary>
    OutputTokens = 2,

    /// <summary>Images that are made: as many as asked for, then as many as came.</summary>
    Images = 4,

    /// <summary>Unicode scalar values of the text that is spoken; known from the request.</summary>
    Characters = 8,

    /// <summary>The length of the sound that is heard.</summary>
    Seconds = 16,
}
