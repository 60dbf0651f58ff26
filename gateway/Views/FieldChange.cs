namespace Freeway.Gateway.Views;

/// <summary>Where the catalogue and the upstream differ.</summary>
/// <param name="Model">The catalogue's id.</param>
/// <param name="Field">As <c>catalogue.json</c> calls it.</param>
public sealed record FieldChange(string Model, string Field, decimal Catalogue, decimal Upstream);
