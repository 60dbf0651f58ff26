namespace Freeway.Gateway.Ledger;

/// <summary>An admitted request: its row and what it holds. It must be settled, whatever happens.</summary>
/// <param name="Limits">Where the caller stands after this reservation.</param>
/// <param name="ETag">Of the request row.</param>
public sealed record Reservation(
    string Org, RequestKey Row, string RequestId, IReadOnlyList<Hold> Holds, IReadOnlyList<QuotaState> Limits, string ETag);
