using Freeway.Gateway.Ledger;
using Freeway.Gateway.Policies;

namespace Freeway.Tests.Shared.Ledger;

/// <summary>What a request of a race wants of its limits, by an estimate, and later by the truth.</summary>
public static class RaceTakes
{
    /// <summary>What a token costs, in nano-dollars.</summary>
    public const long PerToken = 7;

    /// <param name="requests">How much it takes of limits on requests.</param>
    /// <param name="tokens">What it uses of everything that is counted by its content.</param>
    public static IReadOnlyList<Take> Of(RaceScenario scenario, long requests, long tokens) =>
    [
        .. scenario.Limits.Select(limit => new Take(limit, limit.Limit.Unit switch
        {
            LimitUnit.Requests => requests,
            LimitUnit.ConcurrentRequests => 1,
            LimitUnit.NanoDollars => tokens * PerToken,
            _ => tokens,
        })),
        .. scenario.Gifts.Select(gift => Take.AsFarAsItReaches(gift, tokens)),
        .. scenario.Paid.Select(paid => Take.Beyond(paid, covered => (tokens - covered) * PerToken)),
    ];
}
