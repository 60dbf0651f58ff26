using System.Security.Cryptography;
using System.Text;

namespace Freeway.Feed;

/// <summary>Packs the projects under <c>eng/feed/standins</c>; each is named after the package it stands in for.</summary>
internal sealed class StandIns
{
    private readonly string _sources;
    private readonly string _workFolder;

    public StandIns(string root, WantedVersions wanted, string workFolder)
    {
        _sources = Path.Combine(root, "eng", "feed", "standins");
        _workFolder = workFolder;
        Packages = [.. Directory.GetFiles(_sources, "*.csproj", SearchOption.AllDirectories)
            .Select(project => wanted.Find(Path.GetFileNameWithoutExtension(project)))
            .OfType<Package>()
            .OrderBy(package => package.Id, StringComparer.Ordinal)];
    }

    public IReadOnlyList<Package> Packages { get; }

    /// <exception cref="FeedException">They do not build.</exception>
    public async Task FillAsync(FeedFolder folder, IReadOnlyList<Package> lacking)
    {
        IReadOnlyList<Package> mine = [.. lacking.Intersect(Packages)];
        var mark = $".standins-{await FingerprintAsync()}";
        if (mine.All(folder.Has) && (mine.Count == 0 || folder.HasMark(mark)))
        {
            return;
        }

        var packed = Path.Combine(_workFolder, "packed");
        Console.WriteLine("eng/feed: packing the stand-ins");
        await Command.RunAsync(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            ["pack", Path.Combine(_sources, "StandIns.slnx"), "--output", packed, "--artifacts-path", Path.Combine(_workFolder, "standins"),
                "--disable-build-servers", "-property:RunAnalyzers=false", "-nologo"],
            whenAbsent: "The dotnet command was not found.");
        foreach (var package in mine)
        {
            folder.Take(package, Path.Combine(packed, package.FileName));
            Console.WriteLine($"eng/feed: {package}, a local stand-in for what the package source lacks");
        }

        folder.Mark(".standins-", mark);
    }

    private async Task<string> FingerprintAsync()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var package in Packages)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(package.ToString()));
        }

        foreach (var file in Directory.GetFiles(_sources, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            hash.AppendData(await File.ReadAllBytesAsync(file));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
