namespace Freeway.Gateway.Keys;

/// <summary>A management key as it is kept.</summary>
public sealed record ManagementKeyDocument(ManagementKey Key, IReadOnlyList<StoredSecret> Secrets);
