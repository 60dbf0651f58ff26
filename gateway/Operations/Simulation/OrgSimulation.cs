using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Core;

namespace Freeway.Gateway.Operations.Simulation;

/// <summary>
/// One org's day under the catalogue that it ran under and under the one that is tried, side by side. Where the first
/// does not do what really happened, what is recorded does not tell enough, and the second is not asked.
/// </summary>
internal sealed class OrgSimulation(OrgReplay baseline, OrgReplay candidate, SimulationTally tally)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private static readonly HashSet<string> OfPlans =
    [
        RefusalCode.FreeQuotaExceeded.WireName(),
        RefusalCode.FreeQuotaExhausted.WireName(),
        RefusalCode.RequestExceedsLimit.WireName(),
        RefusalCode.RateLimitExceeded.WireName(),
        RefusalCode.ConcurrencyLimitExceeded.WireName(),
        RefusalCode.InsufficientCredits.WireName(),
        RefusalCode.PlanNotEligible.WireName(),
        RefusalCode.FreeSlugNotEnabled.WireName(),
        RefusalCode.ModelNotFound.WireName(),
    ];

    /// <summary>The latest admitted request of each model: refused requests are taken to be like it.</summary>
    private readonly Dictionary<string, ActivityRecord> _usual = new(StringComparer.Ordinal);

    public long Unexplained { get; private set; }

    /// <summary>A request that was let through.</summary>
    public async Task ReplayAsync(ActivityRecord record, CancellationToken cancellation)
    {
        tally.Before(record.Model, SimulationSums.Of(record.Tier, record.GiftedTokens, record.BilledTokens, record.CostNanos));
        var explained = await baseline.OfferAsync(record, force: false, cancellation);
        if (!explained.Admits)
        {
            Unexplained++;
            await baseline.OfferAsync(record, force: true, cancellation);
        }

        // What the plan of the day cannot have refused is not refused by the same limit of another.
        var verdict = await candidate.OfferAsync(record, force: false, cancellation);
        if (!verdict.Admits && verdict == explained)
        {
            verdict = await candidate.OfferAsync(record, force: true, cancellation);
        }

        if (!verdict.Admits)
        {
            tally.Refuse(record.Model, verdict.RefusedBy!, 1);
        }

        _usual[record.Model] = record;
    }

    /// <summary>Requests that were refused in one minute, for one reason: they are tried at its end.</summary>
    /// <param name="key">A key's id, for what is counted by key.</param>
    public async Task ReplayAsync(RefusalCount refused, string key, CancellationToken cancellation)
    {
        tally.Before(refused.Key.Model, new SimulationSums { Refused = refused.Count });
        if (!OfPlans.Contains(refused.Key.Code) || refused.Key.Model is RefusalKey.UnknownModel)
        {
            tally.Refuse(refused.Key.Model, refused.Key.Limit ?? refused.Key.Code, refused.Count);
            return;
        }

        var request = Usual(refused.Key, key);
        for (var left = refused.Count; left > 0; left--)
        {
            // Where the plan of the day would let it through, something refused it that is not recorded.
            var known = await baseline.LookAsync(request, cancellation);
            var verdict = known.Admits ? known : await candidate.OfferAsync(request, force: false, cancellation);
            if (known.Admits || !verdict.Admits)
            {
                // The others of the minute are like it.
                tally.Refuse(refused.Key.Model, known.Admits ? refused.Key.Limit ?? refused.Key.Code : verdict.RefusedBy!, left);
                return;
            }
        }
    }

    public void Finish()
    {
        baseline.Finish();
        candidate.Finish();
    }

    private ActivityRecord Usual(RefusalKey refused, string key)
    {
        var time = refused.Minute + Minute - Moment;
        return _usual.TryGetValue(refused.Model, out var like)
            ? like with { Time = time, Variant = refused.Variant, Status = 200, ErrorCode = null, LatencyMs = 0 }
            : new ActivityRecord
            {
                Id = "",
                Time = time,
                Org = refused.Org,
                Key = key,
                Endpoint = "chat/completions",
                Slug = refused.Model,
                Model = refused.Model,
                Variant = refused.Variant,
                Tier = "",
                Status = 200,
            };
    }
}
