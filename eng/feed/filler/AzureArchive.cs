using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;

namespace Freeway.Feed;

/// <summary>
/// An npm package of Microsoft's that carries the real, signed assemblies of four Azure packages. They are repacked
/// as they are; only the dependencies' versions are ours, so that they exist wherever <c>Azure.Core</c> does.
/// </summary>
internal sealed class AzureArchive(WantedVersions wanted, string workFolder)
{
    private const string Name = "@azure/mcp-linux-x64";
    private const string Version = "0.2.6";
    private const string Sha512 = "Yg2vVmX9dU7q/sYzQQA01qdEU09RYIs5t+rUfjerhZEdTsT+1u6VDVvA9XZ5ezG6GIopgdDivdS9vPba5CPZtw==";

    private static readonly IReadOnlyList<AzurePackage> Carried =
    [
        new(new("Azure.Core.Amqp", "1.3.1"), "netstandard2.0", ["Microsoft.Azure.Amqp", "System.Memory.Data"]),
        new(new("Azure.Data.Tables", "12.11.0"), "net8.0", ["Azure.Core"]),
        new(new("Azure.Messaging.ServiceBus", "7.20.1"), "net8.0", ["Azure.Core", "Azure.Core.Amqp", "Microsoft.Azure.Amqp"]),
        new(new("Microsoft.Azure.Amqp", "2.7.0"), "net8.0", []),
    ];

    /// <summary>What is wanted of the packages it carries, whether or not in the version it has.</summary>
    public IReadOnlyList<Package> Packages { get; } =
        [.. Carried.Select(carried => wanted.Find(carried.Package.Id)).OfType<Package>()];

    /// <exception cref="FeedException">A version it does not carry, no npm, or not the archive we know.</exception>
    public async Task FillAsync(FeedFolder folder, IReadOnlyList<Package> lacking)
    {
        IReadOnlyList<Package> missing = [.. lacking.Intersect(Packages).Where(package => !folder.Has(package))];
        if (missing.Count == 0)
        {
            return;
        }

        if (missing.FirstOrDefault(package => Carried.All(carried => carried.Package != package)) is { } strange)
        {
            throw new FeedException(
                $"The package source lacks {strange}, and {Name} {Version} carries another version: "
                + "change Directory.Packages.props, or point nuget.config at a source that has it.");
        }

        await using var archive = File.OpenRead(await DownloadAsync(missing));
        await VerifyAsync(archive);
        await using var tar = new TarReader(new GZipStream(archive, CompressionMode.Decompress));
        while (await tar.GetNextEntryAsync() is { } entry)
        {
            var carried = Carried.FirstOrDefault(carried => entry.Name == $"package/dist/{carried.Assembly}");
            if (carried is not null && missing.Contains(carried.Package))
            {
                var file = Path.Combine(workFolder, carried.Package.FileName);
                await PackageFile.WriteAsync(file, carried, wanted, entry.DataStream!);
                folder.Take(carried.Package, file);
                Console.WriteLine($"eng/feed: {carried.Package}, the real assembly, from npm's {Name} {Version}");
            }
        }
    }

    private async Task<string> DownloadAsync(IReadOnlyList<Package> missing)
    {
        Console.WriteLine($"eng/feed: asking npm for {Name} {Version} (91 MB)");
        var npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
        await Command.RunAsync(npm, ["pack", $"{Name}@{Version}", "--pack-destination", workFolder], whenAbsent:
            $"The package source lacks {string.Join(", ", missing)}. npm's {Name} carries them, but npm is not installed: "
            + "install Node.js, or point nuget.config at a source that has them.");
        return Directory.GetFiles(workFolder, "*.tgz").Single();
    }

    private static async Task VerifyAsync(FileStream archive)
    {
        var hash = Convert.ToBase64String(await SHA512.HashDataAsync(archive));
        archive.Position = 0;
        if (hash != Sha512)
        {
            throw new FeedException($"npm's {Name} {Version} is not the archive that is known here: its SHA-512 is {hash}.");
        }
    }
}
