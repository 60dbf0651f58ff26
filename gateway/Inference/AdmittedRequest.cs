using Freeway.Gateway.Ledger;
using Freeway.Gateway.Policies;

namespace Freeway.Gateway.Inference;

/// <summary>A request that was admitted: everything the stages after admission need to know of it.</summary>
/// <param name="Quote">What it is served by; another model's than was asked for where it overflowed to the next free one.</param>
public sealed record AdmittedRequest(AskedRequest Asked, Quote Quote, Reservation Reservation)
{
    /// <summary><c>free</c>: nobody pays. <c>gift</c>: a gift covers it, or a part of it. <c>paid</c>: the account pays.</summary>
    public string Tier { get; } = TierOf(Quote.Terms, Reservation);

    private static string TierOf(Terms terms, Reservation reservation)
    {
        var gifted = reservation.Holds.Skip(terms.Hard.Count).Take(terms.Gifts.Count).Any(hold => hold.Amount > 0);
        return gifted ? "gift" : terms.Paid.Count > 0 ? "paid" : terms.Plan.Billing is Billing.Free ? "free" : "gift";
    }
}
