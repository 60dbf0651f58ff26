using System.Xml.Linq;

namespace Freeway.Feed;

/// <summary>The remote sources that <c>nuget.config</c> names.</summary>
internal static class PackageSources
{
    public static IReadOnlyList<Uri> Read(string root) =>
        [.. XDocument.Load(Path.Combine(root, "nuget.config"))
            .Descendants("packageSources").Elements("add")
            .Select(source => Environment.ExpandEnvironmentVariables(source.Attribute("value")!.Value))
            .Where(value => value.StartsWith("http", StringComparison.OrdinalIgnoreCase))
            .Select(value => new Uri(value))];
}
