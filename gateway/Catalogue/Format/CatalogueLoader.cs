using Freeway.Gateway.Core;

namespace Freeway.Gateway.Catalogue.Format;

/// <summary>
/// Reads bundles by the settings of this process, which hold the keys of upstreams and may overrule amounts.
/// </summary>
/// <param name="setting">Looks up a setting by name; null where it is not set.</param>
public sealed class CatalogueLoader(Func<string, string?> setting)
{
    /// <returns>The catalogue, or null with all that is wrong, each with its place.</returns>
    public CatalogueSnapshot? Load(CatalogueBundle bundle, out IReadOnlyList<FieldError> errors)
    {
        var reader = new CatalogueReader(setting, name => bundle.Preset(name) is { } preset ? CatalogueBundle.Write(preset) : null);
        var snapshot = reader.Read(CatalogueBundle.Write(bundle.Catalogue));
        errors = reader.Faults;
        return snapshot;
    }
}
