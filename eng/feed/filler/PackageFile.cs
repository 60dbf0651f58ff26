using System.IO.Compression;
using System.Xml.Linq;

namespace Freeway.Feed;

/// <summary>Writes a <c>.nupkg</c>: a zip with a manifest and one assembly.</summary>
internal static class PackageFile
{
    private static readonly XNamespace Manifest = "http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd";

    public static async Task WriteAsync(string file, AzurePackage package, WantedVersions wanted, Stream assembly)
    {
        await using var zip = await ZipFile.OpenAsync(file, ZipArchiveMode.Create);
        await using (var manifest = await zip.CreateEntry($"{package.Package.Id}.nuspec").OpenAsync())
        {
            await Describe(package, wanted).SaveAsync(manifest, SaveOptions.None, CancellationToken.None);
        }

        await using var content = await zip.CreateEntry($"lib/{package.Framework}/{package.Assembly}").OpenAsync();
        await assembly.CopyToAsync(content);
    }

    private static XDocument Describe(AzurePackage package, WantedVersions wanted) => new(
        new XElement(Manifest + "package",
            new XElement(Manifest + "metadata",
                new XElement(Manifest + "id", package.Package.Id),
                new XElement(Manifest + "version", package.Package.Version),
                new XElement(Manifest + "authors", "Microsoft"),
                new XElement(Manifest + "description", "Repacked for this machine by eng/feed; never to be published."),
                new XElement(Manifest + "dependencies",
                    new XElement(Manifest + "group",
                        new XAttribute("targetFramework", package.Framework),
                        package.Dependencies.Select(id => Depend(package, id, wanted)))))));

    private static XElement Depend(AzurePackage package, string id, WantedVersions wanted)
    {
        var dependency = wanted.Find(id)
            ?? throw new FeedException($"{package.Package} depends on {id}: give it a version in Directory.Packages.props.");
        return new XElement(Manifest + "dependency", new XAttribute("id", id), new XAttribute("version", dependency.Version));
    }
}
