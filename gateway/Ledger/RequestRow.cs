namespace Freeway.Gateway.Ledger;

/// <summary>
/// Reservation, recovery log and outbox in one row, written in the transaction that takes from the quotas:
/// open from admission on, finished once settled, deleted once the queue has its record.
/// </summary>
/// <param name="Mark">Unique to the write that left the row as it is: by it an unknown outcome is judged.</param>
/// <param name="RequestId">The public id, <c>x-request-id</c>.</param>
/// <param name="Record">The activity record: a draft while open, the final one when finished. UTF-8 JSON, 60 KiB at
///     most.</param>
/// <param name="ETag">Null while the row does not exist.</param>
public sealed record RequestRow(
    RequestKey Key, string Mark, bool Open, string RequestId, IReadOnlyList<Hold> Holds, ReadOnlyMemory<byte> Record, string? ETag)
{
    /// <summary>Which idempotency row goes with it, so that who settles it writes the outcome there.</summary>
    public IdempotencyKey? Repeat { get; init; }
}

/// <summary>
/// Names a request row: the instance that admitted it and that instance's running number. It stays the same across
/// retries.
/// </summary>
public readonly record struct RequestKey(string Instance, long Sequence);
