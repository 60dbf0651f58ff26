namespace Freeway.Gateway.Keys;

/// <summary>An API key as it is kept.</summary>
/// <param name="Secrets">The newest first.</param>
public sealed record KeyDocument(ApiKey Key, IReadOnlyList<StoredSecret> Secrets);
