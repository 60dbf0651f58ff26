namespace Freeway.Gateway.ActivityLog;

/// <summary>
/// Reads the messages that the broker has put aside. Outage stance: every call throws <see cref="IOException"/>, and
/// nothing is lost.
/// </summary>
public interface IDeadLetters
{
    /// <summary>Looks without taking, oldest first.</summary>
    /// <param name="from">The least running number; 0 for all.</param>
    /// <param name="limit">1 to 1000.</param>
    Task<IReadOnlyList<DeadLetter>> PeekAsync(long from, int limit, CancellationToken cancellation);

    /// <summary>
    /// Sends messages again, each before it is taken from where it was put aside: a crash between the two sends it
    /// twice, and its record is written once all the same. One that somebody else is sending again just now is left to
    /// them.
    /// </summary>
    /// <param name="id">Of one message; null for all that are there now, 1000 at most.</param>
    /// <returns>How many were sent.</returns>
    Task<int> ReplayAsync(string? id, CancellationToken cancellation);
}

/// <summary>A message that the broker has put aside: it could not be written, or was delivered too often.</summary>
/// <param name="Sequence">The broker's running number: messages are listed by it.</param>
/// <param name="Id">The request's id, unless the message is not ours.</param>
/// <param name="Reason">A name, e.g. <c>UnreadableRecord</c>.</param>
/// <param name="Description">A sentence, where there is one.</param>
/// <param name="EnqueuedAt">When it came into the queue.</param>
/// <param name="Deliveries">How often it was delivered.</param>
public sealed record DeadLetter(long Sequence, string Id, string? Reason, string? Description, DateTimeOffset EnqueuedAt, int Deliveries);
