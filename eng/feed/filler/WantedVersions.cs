using System.Xml.Linq;

namespace Freeway.Feed;

/// <summary>The versions that <c>Directory.Packages.props</c> asks for: their only home.</summary>
internal sealed class WantedVersions
{
    private readonly Dictionary<string, string> _versions;

    private WantedVersions(Dictionary<string, string> versions) => _versions = versions;

    public static WantedVersions Read(string root)
    {
        var items = XDocument.Load(Path.Combine(root, "Directory.Packages.props")).Descendants("PackageVersion");
        return new WantedVersions(items.ToDictionary(
            item => item.Attribute("Include")!.Value,
            item => item.Attribute("Version")!.Value,
            StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>Null where nobody wants the package.</summary>
    public Package? Find(string id) => _versions.TryGetValue(id, out var version) ? new Package(id, version) : null;
}
