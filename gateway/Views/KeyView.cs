using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Catalogue;
using Freeway.Gateway.Core;
using Freeway.Gateway.Keys;
using Freeway.Gateway.Models;
using Freeway.Gateway.Policies;
using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Views;

/// <summary>What the calling key is. Its usage is what the activity has: a request shows once its record is there.</summary>
public sealed class KeyView(CurrentCatalogue current, QuotaView quota, IActivityStore activity, TimeProvider clock)
{
    private static readonly TimeSpan RetryAfterOutage = TimeSpan.FromSeconds(5);

    public async Task<Decision<KeyCard>> FindAsync(Caller caller, CancellationToken cancellation)
    {
        if (!(await current.TakeAsync(cancellation)).Accepted(out var catalogue, out var refusal))
        {
            return refusal;
        }

        var limits = quota.ListAsync(catalogue, caller, cancellation);
        var usage = UsageAsync(caller, cancellation);
        return !(await limits).Accepted(out var page, out refusal)
            || !(await usage).Accepted(out var used, out refusal)
            ? refusal
            : Card(catalogue.Plans, caller, page.Data, used);
    }

    private static KeyCard Card(PlanBook plans, Caller caller, IReadOnlyList<QuotaCard> limits, KeyUsage usage) => new(
        caller.Key.Id,
        caller.Key.Label,
        new OrgCard(caller.Org.Id, caller.Org.Name),
        plans.PlanOf(caller.Org).Name,
        plans.UnknownPlan(caller.Org),
        IsFreeTier: caller.Org.PurchasedNanos is 0,
        caller.Org.Premium,
        Narrower(caller.Org.Overflow, caller.Key.Overflow)?.WireName(),
        caller.Key.HardRefusal.Status(),
        caller.Key.MonthlyCeilingNanos is { } nanos ? Money.Format(nanos) : null,
        limits,
        usage);

    private async Task<Decision<KeyUsage>> UsageAsync(Caller caller, CancellationToken cancellation)
    {
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        try
        {
            var month = await activity.SumsOfMonthAsync(caller.Org.Id, today, caller.Key.Id, cancellation);
            return new KeyUsage(UsageCard.Of([.. month.Where(sum => sum.Day == today)]), UsageCard.Of(month));
        }
        catch (IOException)
        {
            return Refuse.CannotBeRead(RetryAfterOutage);
        }
    }

    private static Overflow? Narrower(Overflow? org, Overflow? key) => org is { } one && key is { } other ? (one < other ? one : other) : org ?? key;
}
