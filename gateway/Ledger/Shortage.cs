namespace Freeway.Gateway.Ledger;

/// <summary>A limit that cannot give what a request needs of it.</summary>
/// <param name="Gift">Of the gifts before a limit that pays, the one that reaches least far; null where there is none.</param>
public sealed record Shortage(QuotaState State, long Needed, QuotaState? Gift);
