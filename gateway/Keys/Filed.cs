using Freeway.Gateway.Audit;

namespace Freeway.Gateway.Keys;

/// <summary>What a command led to.</summary>
/// <param name="Document">As it is after the change; of a repeated command, as it is now. Null where a command has no document.</param>
/// <param name="Revision">The id of the change.</param>
public sealed record Filed(Document? Document, string Revision)
{
    /// <summary>True where the command was carried out before and nothing was done now.</summary>
    public bool IsReplay { get; init; }

    /// <summary>What the first time left for its repeats.</summary>
    public string? Answer { get; init; }
}
