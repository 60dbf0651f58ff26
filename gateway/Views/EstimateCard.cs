using Freeway.Gateway.Metering;
using Freeway.Gateway.Models;

namespace Freeway.Gateway.Views;

/// <summary>The most that a request is thought to use; what it costs is at the standard rate, whoever pays.</summary>
public sealed record EstimateCard(long InputTokens, long OutputTokens, long Images, long Characters, long Seconds, string CostUsd)
{
    public static EstimateCard Of(Quantities most) => new(most.Input, most.Output, most.Images, most.Characters, most.Seconds, Money.Format(most.CostNanos));
}
