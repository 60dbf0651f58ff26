using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Tests.Ledger;

/// <summary>Limits and takes of every kind, at a price of 150 nano-dollars per token.</summary>
internal static class Samples
{
    public const long PerToken = 150;
    public const long Usd = 1_000_000_000;

    public static DateTimeOffset Now { get; } = new(2026, 5, 29, 12, 0, 0, TimeSpan.Zero);

    public static BoundLimit Tokens(long amount, string name = "tokens", LimitWindow window = LimitWindow.Day) =>
        Limit(LimitUnit.Tokens, amount, window, name);

    public static BoundLimit Limit(LimitUnit unit, long amount, LimitWindow window, string name, LimitScope scope = LimitScope.Org) =>
        new($"plan.{name}", "*", new Limit(name, unit, amount, window, scope));

    public static BoundLimit AtOnce(long amount) => Limit(LimitUnit.ConcurrentRequests, amount, LimitWindow.None, "at-once");

    public static Claim Gift(long of, long tokens, string name = "gift") => Claim.AsFarAsItReaches(Tokens(of, name), tokens);

    /// <summary>The account pays for what gifts leave of so many tokens.</summary>
    public static Claim Pay(long tokens, BoundLimit? from = null) => Claim.Overage(from ?? Account.Prepaid, covered => (tokens - covered) * PerToken);

    public static QuotaRow Row(IReadOnlyList<Claim> takes, IReadOnlyList<(long Used, long Bought)> rows, QuotaKey key)
    {
        var index = takes.ToList().FindIndex(take => take.Quota == key);
        return Row(takes[index].Bound, rows[index].Used, 0, rows[index].Bought);
    }

    public static QuotaRow Row(BoundLimit bound, long used, long reserved = 0, long bought = 0) => new(
        new QuotaKey(bound.Source, bound.Subject),
        bound.Limit.Unit,
        WindowSpan.At(bound.Limit.Window, Now),
        bound.Limit.IsPurchased ? bought : bound.Limit.Amount,
        used,
        reserved,
        "etag");
}
