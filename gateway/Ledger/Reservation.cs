namespace Freeway.Gateway.Ledger;

/// <summary>Represents an admitted request: its row and what it holds. It must be settled, whatever happens.</summary>
/// <param name="Limits">The state of the limits after this reservation, in the order of the claims.</param>
/// <param name="ETag">The ETag of the request row.</param>
public sealed record Reservation(
    string Org,
    RequestKey Row,
    string RequestId,
    IReadOnlyList<Hold> Holds,
    IReadOnlyList<QuotaState> Limits,
    string ETag)
{
    /// <summary>
    /// Gets how much of the estimate the gifts would cover at the moment of admission, in their unit; 0 where there are
    /// none.
    /// </summary>
    public long Covered { get; init; }

    /// <summary>The size that the request makes do with; null where everything was held that it could use.</summary>
    public long? Size { get; init; }

    /// <summary>The idempotency row that was written with it.</summary>
    public IdempotencyRow? Idempotency { get; init; }

    /// <summary>The request's row, as the reservation wrote it.</summary>
    public RequestRow Open => new(Row, "", true, RequestId, Holds, default, ETag) { Idempotency = Idempotency?.Key };
}
