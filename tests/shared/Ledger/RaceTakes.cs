using Freeway.Gateway.Identity;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;

namespace Freeway.Tests.Shared.Ledger;

/// <summary>What a request of a race wants of its limits, by an estimate, and later by the truth.</summary>
public static class RaceTakes
{
    /// <summary>What a token costs, in nano-dollars.</summary>
    public const long PerToken = 7;

    /// <param name="requests">How much it takes of limits on requests.</param>
    /// <param name="tokens">What it uses of everything that is counted by its content.</param>
    /// <param name="endUser">Which of the race's end users it names.</param>
    public static IReadOnlyList<Claim> Of(RaceScenario scenario, long requests, long tokens, int endUser = 0) =>
    [
        .. scenario.Limits.Select(limit => Whose(limit, endUser)).Select(limit => new Claim(limit, limit.Limit.Unit switch
        {
            LimitUnit.Requests => requests,
            LimitUnit.ConcurrentRequests => 1,
            LimitUnit.NanoDollars => tokens * PerToken,
            _ => tokens,
        })),
        .. scenario.EndUsers > 0 ? [new Claim(EndUserRows.Bound(scenario.EndUserRowsPerDay), 0)] : Array.Empty<Claim>(),
        .. scenario.Gifts.Select(gift => Claim.Gift(Whose(gift, endUser), tokens)),
        .. scenario.Paid.Select(paid => Claim.Overage(paid, covered => (tokens - covered) * PerToken)),
    ];

    private static BoundLimit Whose(BoundLimit limit, int endUser) => limit.Limit.Scope.IsOfEndUser()
        ? limit with { Subject = EndUserId.Of("acme", $"user-{endUser}", "a salt of the races"u8).Hash }
        : limit;
}
