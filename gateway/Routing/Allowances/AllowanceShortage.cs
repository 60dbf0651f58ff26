namespace Freeway.Gateway.Routing.Allowances;

/// <summary>Why an upstream is not called now.</summary>
/// <param name="Limit">The limit that has too little left; null where the ledger does not answer, and nothing is sent uncounted.</param>
/// <param name="Until">When it may have some again.</param>
public sealed record AllowanceShortage(string? Limit, DateTimeOffset Until);
