namespace Freeway.Gateway.Ledger;

/// <summary>Names a request row: the instance that admitted it and that instance's running number. It stays the same across retries.</summary>
public readonly record struct RequestKey(string Instance, long Sequence);
