using System.Text.Json.Serialization;
using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Catalogue.Versions;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Api;

/// <summary>
/// Describes the calling key. Its usage is what the activity has: a request shows once its record is there.
/// </summary>
public sealed class KeyQueries(
    CurrentCatalogue current, QuotaQueries quota, IActivityStore activity, TimeProvider clock)
{
    public async Task<Result<KeyResponse>> FindAsync(Caller caller, CancellationToken cancellation)
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
            : Describe(catalogue.Plans, caller, page.Data, used);
    }

    private static KeyResponse Describe(PlanBook plans, Caller caller, IReadOnlyList<QuotaResponse> limits, KeyUsage usage) => new(
        caller.Key.Id,
        caller.Key.Label,
        new OrgResponse(caller.Org.Id, caller.Org.Name),
        plans.PlanOf(caller.Org).Name,
        plans.UnknownPlan(caller.Org),
        IsFreeTier: caller.Org.PurchasedNanos is 0,
        caller.Org.Premium,
        Narrower(caller.Org.Overflow, caller.Key.Overflow)?.WireName(),
        caller.Key.HardRefusal.Status(),
        caller.Key.MonthlyCeilingNanos is { } nanos ? Money.Format(nanos) : null,
        caller.Key.ManagesKeys ? true : null,
        limits,
        usage);

    private async Task<Result<KeyUsage>> UsageAsync(Caller caller, CancellationToken cancellation)
    {
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        try
        {
            var month = await activity.SumsOfMonthAsync(caller.Org.Id, today, caller.Key.Id, cancellation);
            return new KeyUsage(UsageResponse.Of([.. month.Where(sum => sum.Day == today)]), UsageResponse.Of(month));
        }
        catch (IOException)
        {
            return Refuse.CannotBeRead();
        }
    }

    private static Overflow? Narrower(Overflow? org, Overflow? key) => org is { } one && key is { } other ? (
        one < other ? one : other) : org ?? key;
}

/// <summary>Describes the calling key, the limits that bind it, and its usage.</summary>
/// <param name="Plan">Of its requests on bare ids.</param>
/// <param name="UnknownPlan">
/// The plan that its org was given and that does not exist, so that <paramref name="Plan"/> is the default one; else
/// null.
/// </param>
/// <param name="IsFreeTier">True while its org has bought nothing.</param>
/// <param name="Overflow">
/// How far its requests may overflow, e.g. <c>next_free</c>; null for as far as their plan allows.
/// </param>
/// <param name="RefusalStatus">The status that a spent hard quota is answered with.</param>
/// <param name="MonthlyCeilingUsd">What this key may spend in a month; null for no ceiling of its own.</param>
/// <param name="ManagesKeys">
/// True for the session of a person who signed in, which may manage the person's keys; left out for all other keys.
/// </param>
public sealed record KeyResponse(
    string Id,
    string Label,
    OrgResponse Org,
    string Plan,
    string? UnknownPlan,
    bool IsFreeTier,
    bool Premium,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Overflow,
    int RefusalStatus,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? MonthlyCeilingUsd,
    bool? ManagesKeys,
    IReadOnlyList<QuotaResponse> Limits,
    KeyUsage Usage)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "key";

    /// <summary>Gets what the key is for: always <c>api</c>, requests of an organisation.</summary>
    [JsonPropertyOrder(-1)]
    public string Kind { get; } = KeyType.Api.WireName();
}

public sealed record OrgResponse(string Id, string Name);

/// <summary>
/// Sums the usage of one key on this UTC day and in this calendar month, as far as the activity has it.
/// </summary>
public sealed record KeyUsage(UsageResponse Today, UsageResponse ThisMonth);
