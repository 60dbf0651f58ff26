namespace Freeway.Gateway.Catalogue.Versions;

/// <summary>The head as it was read or written.</summary>
/// <param name="Revision">The <c>ETag</c> that callers see.</param>
/// <param name="IsReplay">True where a command had been carried out before and nothing was done now.</param>
/// <param name="Answer">What the command left for its repeats.</param>
public sealed record FiledHead(CatalogueHead Head, string Revision, bool IsReplay = false, string? Answer = null);
