using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Ledger;

/// <summary>What a request wants of one limit.</summary>
/// <param name="Amount">In the limit's unit; 0 where only the use is to be booked.</param>
public sealed record Claim(BoundLimit Bound, long Amount)
{
    public QuotaKey Quota { get; } = new(Bound.Source, Bound.Subject);

    public ClaimKind Kind { get; private init; }

    /// <summary>
    /// The member by which the caller bounds its output, e.g. <c>max_tokens</c>; null where it sent none, so that no
    /// refusal advises to lower it.
    /// </summary>
    public string? Ceiling { get; init; }

    /// <summary>What is wanted once gifts have covered so much, in the gifts' unit.</summary>
    public Func<long, long> After { get; private init; } = _ => Amount;

    /// <summary>A gift.</summary>
    public static Claim AsFarAsItReaches(BoundLimit bound, long amount) => new(bound, amount) { Kind = ClaimKind.AsFarAsItReaches };

    /// <param name="after">Falls as its argument, what the gifts cover, rises.</param>
    public static Claim Overage(BoundLimit bound, Func<long, long> after) => new(bound, after(0)) { Kind = ClaimKind.Overage, After = after };
}

/// <summary>How much of what is wanted a limit has to give.</summary>
public enum ClaimKind
{
    /// <summary>All of it, or the request is refused.</summary>
    Whole,

    /// <summary>As much as is left: a gift. All gifts of a request cover the same amount.</summary>
    AsFarAsItReaches,

    /// <summary>All of what the gifts do not cover, or the request is refused.</summary>
    Overage,
}
