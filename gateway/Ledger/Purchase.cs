namespace Freeway.Gateway.Ledger;

/// <summary>A top-up of an org's account.</summary>
/// <param name="Id">The caller's <c>Idempotency-Key</c>: the same purchase twice is one. 1 to 200 characters.</param>
/// <param name="Nanos">In nano-dollars, above 0.</param>
public sealed record Purchase(string Id, long Nanos, DateTimeOffset At);

/// <summary>An org's account in nano-dollars.</summary>
/// <param name="Bought">All purchases.</param>
/// <param name="Spent">Settled.</param>
/// <param name="Held">For requests under way.</param>
public sealed record AccountState(long Bought, long Spent, long Held)
{
    public long Left => Bought - Spent - Held;

    internal static AccountState Of(QuotaRow row) => new(row.Limit, row.Used, row.Reserved);
}
