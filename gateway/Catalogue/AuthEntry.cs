namespace Freeway.Gateway.Catalogue;

/// <summary>The header that carries an upstream's key.</summary>
/// <param name="Scheme">Stands before the key; left out where the key stands alone.</param>
public sealed record AuthEntry(string? Header, string? Scheme = null);
