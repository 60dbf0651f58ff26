namespace Freeway.Gateway.Ledger;

/// <summary>An org's account in nano-dollars.</summary>
/// <param name="Bought">All purchases.</param>
/// <param name="Spent">Settled.</param>
/// <param name="Held">For requests under way.</param>
public sealed record AccountState(long Bought, long Spent, long Held)
{
    public long Left => Bought - Spent - Held;

    internal static AccountState Of(QuotaRow row) => new(row.Limit, row.Used, row.Reserved);
}
