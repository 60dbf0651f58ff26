using Freeway.Gateway.Inference;
using Freeway.Gateway.Models;

namespace Freeway.Gateway.Views;

/// <summary>The most that a request is thought to use.</summary>
/// <param name="CostUsd">At the standard rate, before a gift is taken off; 0.00 where nobody pays.</param>
public sealed record EstimateCard(long InputTokens, long OutputTokens, long Images, string CostUsd)
{
    public static EstimateCard Of(Quote quote) => new(
        quote.Estimate.Input, quote.Estimate.Output, quote.Estimate.Images, Money.Format(quote.Terms.Paid.Count > 0 ? quote.Estimate.CostNanos : 0));
}
