using Freeway.Gateway.Policies;

namespace Freeway.Gateway.Ledger;

/// <summary>What a request wants of one limit.</summary>
/// <param name="Amount">In the limit's unit; 0 where only the use is to be booked.</param>
public sealed record Take(BoundLimit Bound, long Amount)
{
    public QuotaKey Quota { get; } = new(Bound.Source, Bound.Subject);

    public TakeKind Kind { get; private init; }

    /// <summary>What is wanted once gifts have covered so much, in the gifts' unit.</summary>
    public Func<long, long> After { get; private init; } = _ => Amount;

    /// <summary>A gift.</summary>
    public static Take AsFarAsItReaches(BoundLimit bound, long amount) => new(bound, amount) { Kind = TakeKind.AsFarAsItReaches };

    /// <param name="after">Falls as its argument, what the gifts cover, rises.</param>
    public static Take Beyond(BoundLimit bound, Func<long, long> after) => new(bound, after(0)) { Kind = TakeKind.Beyond, After = after };
}
