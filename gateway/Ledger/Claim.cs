using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Ledger;

/// <summary>Says what a request wants of one limit.</summary>
/// <param name="Amount">The amount in the limit's unit; 0 where only the use is to be booked.</param>
public sealed record Claim(BoundLimit Bound, long Amount)
{
    public QuotaKey Quota { get; } = new(Bound.Source, Bound.Subject);

    public ClaimKind Kind { get; private init; } =
        Bound.Limit.Unit is LimitUnit.EndUserRows ? ClaimKind.NewRows : ClaimKind.Whole;

    /// <summary>
    /// The member by which the caller bounds its output, e.g. <c>max_tokens</c>; null where it sent none, so that no
    /// refusal advises to lower it.
    /// </summary>
    public string? Ceiling { get; init; }

    /// <summary>Gives what is claimed once gifts have covered an amount; null where gifts change nothing of it.</summary>
    private Func<long, long>? AfterGifts { get; init; }

    /// <summary>Finds how much is claimed of this limit once gifts have covered an amount, in their unit.</summary>
    public long AmountAfterGifts(long covered) => AfterGifts is { } after ? after(covered) : Amount;

    /// <summary>Claims from a gift, as far as it reaches.</summary>
    public static Claim Gift(BoundLimit bound, long amount) => new(bound, amount) { Kind = ClaimKind.Gift };

    /// <summary>Claims from what pays, as much as the gifts do not cover.</summary>
    /// <param name="after">The amount wanted by what the gifts cover. It falls as its argument rises.</param>
    public static Claim Overage(BoundLimit bound, Func<long, long> after) =>
        new(bound, after(0)) { Kind = ClaimKind.Overage, AfterGifts = after };
}

/// <summary>Says how much of a claim its limit must give.</summary>
public enum ClaimKind
{
    /// <summary>The limit gives all, or the request is refused.</summary>
    Whole,

    /// <summary>The limit gives as much as is left. All gifts of a request cover the same amount.</summary>
    Gift,

    /// <summary>The limit gives all that the gifts do not cover, or the request is refused.</summary>
    Overage,

    /// <summary>
    /// The limit gives one for each counter of an end user that the request begins, or the request is refused. What is
    /// given stays given: the counters are there.
    /// </summary>
    NewRows,
}

/// <summary>
/// Describes how far a request can shrink where its limits cannot give the most that it could use: it takes the largest
/// size for which they give everything. For a request that declares no ceiling on its output, the size is that ceiling,
/// in tokens.
/// </summary>
/// <param name="Least">The size below which it is refused.</param>
/// <param name="Most">The largest size.</param>
/// <param name="At">
/// The claims of a size: of the same limits in the same order, and never less for a larger size.
/// </param>
public sealed record SizedClaims(long Least, long Most, Func<long, IReadOnlyList<Claim>> At);
