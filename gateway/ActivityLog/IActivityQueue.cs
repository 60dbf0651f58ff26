namespace Freeway.Gateway.ActivityLog;

/// <summary>The queue on the way to the activity table. Outage stance: a record that could not be sent stays in the ledger's outbox.</summary>
public interface IActivityQueue
{
    /// <summary>Answers once the broker has accepted the record; callers at the same time share batches.</summary>
    /// <param name="id">The request's id, which is the message's id: the broker drops a second one.</param>
    /// <param name="record">The record as <see cref="ActivityJson"/> writes it.</param>
    /// <param name="trace">The request's trace, as W3C <c>traceparent</c>: it goes with this message, whoever else shares the batch. Null for none.</param>
    /// <param name="cancellation">Ends the wait; the record may be sent all the same.</param>
    /// <exception cref="IOException">The broker did not accept it, or not in time (10 s); send it again later.</exception>
    Task SendAsync(string id, ReadOnlyMemory<byte> record, string? trace, CancellationToken cancellation);
}
