namespace Freeway.Gateway.Catalogue.Versions;

/// <summary>A head as it shall be, and how the audit tells of it.</summary>
/// <param name="Before">What the audit shows as it was, as JSON; null where there was nothing.</param>
/// <param name="After">What the audit shows as it is then.</param>
/// <param name="Answer">What a repeat of the command is told, as JSON.</param>
public sealed record HeadDraft(CatalogueHead Head, string? Before, string? After, string? Answer = null);
