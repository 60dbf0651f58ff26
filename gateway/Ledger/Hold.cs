namespace Freeway.Gateway.Ledger;

/// <summary>What an open request holds of one quota.</summary>
/// <param name="Window">In which window it took it; of a limit on concurrency the name of its lease.</param>
public sealed record Hold(QuotaKey Quota, string Window, long Amount);
