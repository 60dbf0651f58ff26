namespace Freeway.Gateway.Inference.Relays;

/// <summary>What the chunks of one stream have in common, and the number of the next where they are numbered.</summary>
/// <param name="Created">Seconds since 1970.</param>
public readonly record struct ChunkHead(string Id, long Created, string Model, long Sequence);
