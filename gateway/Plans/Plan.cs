using System.Globalization;
using Freeway.Gateway.Core;

namespace Freeway.Gateway.Plans;

/// <summary>A named set of limits and caps that is offered to callers, e.g. <c>fastrouter-free</c>.</summary>
public sealed record Plan(string Name, IReadOnlyList<PlanLimit> Limits)
{
    /// <summary>The version for the activity and for people; it changes with every change of the plan.</summary>
    public int Version { get; init; } = 1;

    /// <summary>A description for people.</summary>
    public string? Description { get; init; }

    /// <summary>The documents that its numbers come from.</summary>
    public IReadOnlyList<PlanSource> Sources { get; init; } = [];

    /// <summary>The demands of the system that it describes, and what that does at the end of what is free.</summary>
    public OfferTerms Offer { get; init; } = OfferTerms.Unknown;

    public Billing Billing { get; init; } = Billing.Free;

    /// <summary>The models that the plan is for.</summary>
    public ModelSet Models { get; init; } = ModelSet.All;

    /// <summary>The condition to use it at all; null for everybody.</summary>
    public Condition? Eligible { get; init; }

    public IReadOnlyList<PlanCaps> Caps { get; init; } = [];

    public IReadOnlyList<PlanRate> Rates { get; init; } = [];

    /// <summary>Gets whether a request counts against the limits although the upstream refuses its content.</summary>
    public bool ChargeRejected { get; init; } = true;

    /// <summary>
    /// Gets the weight in the plan's limits and gifts of an input token that the upstream had in its cache: 0 to 100
    /// percent.
    /// </summary>
    public int CachedInputPercent { get; init; } = 100;

    /// <summary>
    /// Gets for how long answers are stored for requests that ask for it; null where the plan has no response cache.
    /// </summary>
    public TimeSpan? CacheLasts { get; init; }

    public Dialect Dialect { get; init; }

    public PurchaseRules Purchases { get; init; } = new(1, null);
}

/// <summary>The compute rate of some models of a plan; the first that matches counts.</summary>
public sealed record PlanRate(ModelSet Models, ComputeRate Rate);

/// <summary>The circumstances of a system's free tier; null is what nobody has found out.</summary>
/// <param name="CardNeeded">Whether it wants a payment card before it gives anything.</param>
/// <param name="HardStop">Whether it refuses what goes beyond the free amount, as against billing it.</param>
/// <param name="Terms">What its terms say of free use that its users should know, in our words.</param>
public sealed record OfferTerms(bool? CardNeeded, bool? HardStop, string? Terms)
{
    /// <summary>Gets the terms of a system of which nobody has found out anything.</summary>
    public static OfferTerms Unknown { get; } = new(null, null, null);
}

/// <summary>The published fact that a plan's number comes from.</summary>
/// <param name="Document">Its name, for people.</param>
/// <param name="Date">
/// As exact as it is known: <c>2026-01-31</c>, <c>2026-01</c>, <c>2026</c> or <c>undated</c>.
/// </param>
/// <param name="Fact">What the document says, in our words.</param>
/// <param name="Id">The word by which the numbers of its file name it; null where none does.</param>
public sealed record PlanSource(string Document, string Date, Uri? Url, string Fact, string? Id = null);

/// <summary>Caps of a plan for some models; where several match a model, the narrowest of each bound counts.</summary>
public sealed record PlanCaps(ModelSet Models, Caps Caps);

/// <summary>The billing rules of a plan, in nano-dollars.</summary>
/// <param name="Least">The smallest top-up that is taken.</param>
/// <param name="PremiumFrom">
/// A single top-up of this makes the org premium; null where the plan knows no premium.
/// </param>
public sealed record PurchaseRules(long Least, long? PremiumFrom)
{
    /// <summary>Refuses a top-up that is too small; null where it is large enough.</summary>
    public Refusal? TooSmall(long nanos) => nanos >= Math.Max(1, Least)
        ? null
        : Refuse.InvalidField("usd", $"The least top-up is {LimitUnit.NanoDollars.Shown(Math.Max(1, Least)).ToString(CultureInfo.InvariantCulture)} USD.");
}

/// <summary>Gives the plans that count now, to modules that do not know the catalogue. They change while the process
/// runs: take them anew for each piece of work.</summary>
public interface IPlanSource
{
    /// <exception cref="IOException">No catalogue has been read yet, and none can be read now.</exception>
    ValueTask<PlanBook> TakePlansAsync(CancellationToken cancellation);
}

/// <summary>The compute units that a model takes, in millionths of one: per token, and per request.</summary>
public sealed record ComputeRate(long PerInputToken, long PerOutputToken, long PerRequest);
