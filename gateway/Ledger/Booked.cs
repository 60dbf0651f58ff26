namespace Freeway.Gateway.Ledger;

/// <summary>What a settlement booked.</summary>
/// <param name="Covered">By the gifts, in their unit.</param>
/// <param name="Charged">By those that pay, in nano-dollars.</param>
/// <param name="Amounts">Per hold, in order.</param>
public sealed record Booked(long Covered, long Charged, IReadOnlyList<long> Amounts);
