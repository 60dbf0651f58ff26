using System.Collections.Concurrent;
using Freeway.Gateway.Keys;
using Freeway.Gateway.Policies;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.Inference;

/// <summary>
/// Notices orgs whose plan the catalogue does not have. They are served by the default plan, which may give more or less than
/// was meant: the operator is told once for each, and callers see it in <c>GET key</c>.
/// </summary>
public sealed class MissingPlans(ILogger<MissingPlans> logger)
{
    /// <summary>Orgs beyond that many are not told of again: their plans are wrong all together.</summary>
    private const int MostTold = 10_000;

    private readonly ConcurrentDictionary<(string Org, string Plan), bool> _told = new();

    public void Notice(PlanBook plans, Org org)
    {
        if (plans.UnknownPlan(org) is { } plan && _told.Count < MostTold && _told.TryAdd((org.Id, plan), true))
        {
            InferenceLog.PlanMissing(logger, org.Id, plan, plans.PlanOf(org).Name);
        }
    }
}
