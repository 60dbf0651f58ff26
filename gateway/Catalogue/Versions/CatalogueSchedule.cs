namespace Freeway.Gateway.Catalogue.Versions;

/// <summary>A version that becomes the active one at a time. Nothing has to run for it: whoever reads it goes by it from then on.</summary>
/// <param name="By">The id of the management key that asked for it.</param>
public sealed record CatalogueSchedule(CatalogueVersion Version, DateTimeOffset At, string By);
