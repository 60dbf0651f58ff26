namespace Freeway.Gateway.Keys;

/// <summary>The account that owns quotas. All its keys and members share them.</summary>
/// <param name="Id">1 to 64 characters, stable for ever: it is the ledger's partition key.</param>
public sealed record Org(string Id, string Name, bool Disabled = false);
