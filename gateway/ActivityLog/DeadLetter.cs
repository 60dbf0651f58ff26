namespace Freeway.Gateway.ActivityLog;

/// <summary>A message that the broker has put aside: it could not be written, or was delivered too often.</summary>
/// <param name="Sequence">The broker's running number: messages are listed by it.</param>
/// <param name="Id">The request's id, unless the message is not ours.</param>
/// <param name="Reason">A name, e.g. <c>UnreadableRecord</c>.</param>
/// <param name="Description">A sentence, where there is one.</param>
/// <param name="EnqueuedAt">When it came into the queue.</param>
/// <param name="Deliveries">How often it was delivered.</param>
public sealed record DeadLetter(long Sequence, string Id, string? Reason, string? Description, DateTimeOffset EnqueuedAt, int Deliveries);
