using Freeway.Gateway.Ledger;
using Freeway.Gateway.Models;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Inference;

/// <summary>One way to serve a request: the model, on which terms, and what it could use at most.</summary>
/// <param name="OutputCeiling">To be sent upstream where the caller declared none and a cap has to be held; else
///     null.</param>
/// <param name="CallerCeiling">The member by which the caller bounds its output; null where it sent none.</param>
public sealed record Quote(
    Slug Slug, Model Model, Terms Terms, Quantities Estimate, long? OutputCeiling, string? CallerCeiling = null)
{
    /// <summary>To be sent upstream where the caller named no size and the plan bounds it; else null.</summary>
    public string? ImageSize { get; init; }

    /// <summary>
    /// The same way with a lower ceiling on the output of each answer, in tokens. Null where the caller declares a
    /// ceiling, and where no gift may have to hold the request: then it needs the whole estimate.
    /// </summary>
    public Func<long, Quote>? Under { get; init; }

    /// <summary>
    /// What the request makes do with, to the last token of a gift; null where it needs the whole estimate.
    /// </summary>
    public SizedClaims? Smaller => Under is { } under
        ? new SizedClaims(1, OutputCeiling ?? Model.ContextLength, ceiling => under(ceiling).Takes)
        : null;

    /// <summary>What has to be taken before it is sent.</summary>
    public IReadOnlyList<Claim> Takes { get; } = QuoteClaims.Takes(Terms, Model, Slug, Estimate, CallerCeiling);

    /// <summary>
    /// <c>free</c>: nobody pays. <c>gift</c>: a gift covers it, or a part of it. <c>paid</c>: the account pays.
    /// </summary>
    /// <param name="gifted">Whether a gift gives anything.</param>
    public string Tier(bool gifted) => gifted ? "gift" : Terms.Paid.Count > 0 ? "paid" : Terms.Plan.Billing is Billing.Free ? "free" : "gift";

    /// <summary>
    /// The tier that was booked: <c>paid</c> where the gifts gave nothing of what was used. A request that used nothing
    /// keeps the tier that it was admitted by.
    /// </summary>
    public string BookedTier(string admitted, Quantities used, SettlementAmounts booked) =>
        Terms is { Gifts: [var gift, ..], Paid.Count: > 0 } && used.Of(gift.Limit.Unit) > 0
            ? Tier(gifted: booked.Covered > 0)
            : admitted;
}
