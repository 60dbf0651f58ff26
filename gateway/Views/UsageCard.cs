using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Models;

namespace Freeway.Gateway.Views;

/// <summary>Use by who bore it: free, gifted and paid are never added together, but for the count of requests.</summary>
public sealed record UsageCard(long Requests, FreeUsage Free, GiftedUsage Gifted, PaidUsage Paid)
{
    private const string FreeTier = "free";
    private const string GiftTier = "gift";

    public static UsageCard Of(IReadOnlyCollection<DailyUsage> sums)
    {
        var free = sums.Where(sum => sum.Tier is FreeTier).ToList();
        var gift = sums.Where(sum => sum.Tier is GiftTier).ToList();
        var billed = sums.Where(sum => sum.Tier is not FreeTier).ToList();
        return new(
            sums.Sum(sum => sum.Requests),
            new FreeUsage(free.Sum(sum => sum.Requests), free.Sum(sum => sum.TotalTokens)),
            new GiftedUsage(gift.Sum(sum => sum.Requests), billed.Sum(sum => sum.GiftedTokens)),
            new PaidUsage(
                billed.Sum(sum => sum.Requests) - gift.Sum(sum => sum.Requests), billed.Sum(sum => sum.BilledTokens), Money.Format(billed.Sum(sum => sum.CostNanos))));
    }
}
