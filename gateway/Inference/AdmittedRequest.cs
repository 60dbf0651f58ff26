using Freeway.Gateway.Ledger;

namespace Freeway.Gateway.Inference;

/// <summary>A request that was admitted: everything the stages after admission need to know of it.</summary>
/// <param name="Quote">What it is served by; another model's than was asked for where it overflowed to the next free one.</param>
public sealed record AdmittedRequest(AskedRequest Asked, Quote Quote, Reservation Reservation)
{
    public string Tier { get; } = Quote.Tier(
        gifted: Reservation.Holds.Skip(Quote.Terms.Hard.Count).Take(Quote.Terms.Gifts.Count).Any(hold => hold.Amount > 0));
}
