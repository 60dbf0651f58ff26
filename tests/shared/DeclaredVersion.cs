using System.Xml.Linq;

namespace Freeway.Tests.Shared;

/// <summary>The version that the repository declares, read where it is declared.</summary>
public static class DeclaredVersion
{
    public static string Read() => XDocument.Load(Path.Combine(RepositoryFolder.Root, "Directory.Build.props"))
        .Descendants("VersionPrefix").Single().Value;
}
