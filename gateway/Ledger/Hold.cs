namespace Freeway.Gateway.Ledger;

/// <summary>What an open request holds of one quota, and in which window it took it.</summary>
public sealed record Hold(QuotaKey Quota, string Window, long Amount);
