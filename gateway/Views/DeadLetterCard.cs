using Freeway.Gateway.ActivityLog;

namespace Freeway.Gateway.Views;

/// <summary>A message that the broker has put aside. Its content is not shown.</summary>
/// <param name="Id">The request's id, unless the message is not ours.</param>
/// <param name="Reason">A name, e.g. <c>UnreadableRecord</c>.</param>
/// <param name="EnqueuedAt">When it came into the queue.</param>
public sealed record DeadLetterCard(string Id, string? Reason, string? Description, DateTimeOffset EnqueuedAt, int Deliveries)
{
    public static DeadLetterCard Of(DeadLetter letter) => new(letter.Id, letter.Reason, letter.Description, letter.EnqueuedAt, letter.Deliveries);
}
