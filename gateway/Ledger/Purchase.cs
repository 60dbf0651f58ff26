namespace Freeway.Gateway.Ledger;

/// <summary>Represents a top-up of an org's account.</summary>
/// <param name="Id">The caller's <c>Idempotency-Key</c>: the same purchase twice is one. 1 to 200 characters.</param>
/// <param name="Nanos">The amount in nano-dollars, above 0.</param>
public sealed record Purchase(string Id, long Nanos, DateTimeOffset At);

/// <summary>Holds the state of an org's account in nano-dollars.</summary>
/// <param name="Bought">The sum of all purchases.</param>
/// <param name="Spent">What settled requests have cost.</param>
/// <param name="Held">What is held for requests under way.</param>
public sealed record AccountState(long Bought, long Spent, long Held)
{
    public long Left => Bought - Spent - Held;

    internal static AccountState Of(QuotaRow row) => new(row.Limit, row.Used, row.Reserved);
}
