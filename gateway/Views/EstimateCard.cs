using Freeway.Gateway.Inference;
using Freeway.Gateway.Models;

namespace Freeway.Gateway.Views;

/// <summary>The most that a request is thought to use.</summary>
/// <param name="CostUsd">At the standard rate, before a gift is taken off; 0.00 where nobody pays.</param>
public sealed record EstimateCard(long InputTokens, long OutputTokens, long Images, long Characters, long Seconds, string CostUsd)
{
    public static EstimateCard Of(Quote quote)
    {
        var most = quote.Estimate;
        return new EstimateCard(
            most.Input, most.Output, most.Images, most.Characters, most.Seconds, Money.Format(quote.Terms.Paid.Count > 0 ? most.CostNanos : 0));
    }
}
