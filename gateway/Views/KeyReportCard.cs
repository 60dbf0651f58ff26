using Freeway.Gateway.Upstreams;

namespace Freeway.Gateway.Views;

/// <summary>What an upstream says of our key there.</summary>
public sealed record KeyReportCard(
    string Upstream, decimal? LimitUsd, decimal? RemainingUsd, decimal? UsedUsd, decimal? UsedTodayUsd, decimal? UsedThisMonthUsd, bool? IsFreeTier)
{
    public static KeyReportCard Of(string upstream, KeyReport report) => new(
        upstream, report.LimitUsd, report.RemainingUsd, report.UsedUsd, report.UsedTodayUsd, report.UsedThisMonthUsd, report.IsFreeTier);
}
