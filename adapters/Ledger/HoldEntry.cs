namespace Freeway.Adapters.Ledger;

/// <summary>A hold as it is written in a request row.</summary>
internal sealed record HoldEntry(string Limit, string Subject, string Window, long Amount);
