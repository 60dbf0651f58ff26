namespace Freeway.Runner.Broker.Queues;

/// <summary>A message as it arrives.</summary>
/// <param name="Content">All sections, encoded as the sender wrote them.</param>
internal sealed record IncomingMessage(ReadOnlyMemory<byte> Content, string? MessageId, TimeSpan? TimeToLive);
