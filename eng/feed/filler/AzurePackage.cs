namespace Freeway.Feed;

/// <summary>A package whose one assembly the archive carries, with the package ids it depends on.</summary>
internal sealed record AzurePackage(Package Package, string Framework, IReadOnlyList<string> Dependencies)
{
    public string Assembly => $"{Package.Id}.dll";
}
