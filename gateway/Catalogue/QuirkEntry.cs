namespace Freeway.Gateway.Catalogue;

/// <summary>What has to be changed in a request before an upstream understands it.</summary>
/// <param name="Surfaces">All of JSON where they are left out.</param>
/// <param name="Models">As the upstream names them; all where they are left out.</param>
/// <param name="Drop">Members to leave out.</param>
/// <param name="Rename">Members to send under another name.</param>
public sealed record QuirkEntry(
    IReadOnlyList<string?>? Surfaces = null,
    IReadOnlyList<string?>? Models = null,
    IReadOnlyList<string?>? Drop = null,
    IReadOnlyDictionary<string, string?>? Rename = null);
