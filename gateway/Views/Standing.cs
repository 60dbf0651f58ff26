using Freeway.Gateway.Ledger;
using Freeway.Gateway.Policies;
using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Views;

/// <summary>Where a caller stands with one slug: the terms on which it may be called and what is left of them.</summary>
/// <param name="Terms">Either these, or the refusal.</param>
/// <param name="Limits">In the order of the terms; empty where there are none.</param>
internal sealed record Standing(Terms? Terms, Refusal? Refusal, IReadOnlyList<QuotaCard> Limits)
{
    public static Standing Of(Decision<Terms> decision, string model, IReadOnlyDictionary<BoundLimit, QuotaState> states)
    {
        if (!decision.Accepted(out var terms, out var refusal))
        {
            return new(null, refusal, []);
        }

        return new(terms, null, [.. QuotaCard.All(terms, model, terms.All.Select(limit => states[limit]))]);
    }
}
