namespace Freeway.Feed;

/// <summary>Fills <c>.feed</c> with the wanted packages that the registry lacks, and only those.</summary>
internal static class Filler
{
    public static async Task RunAsync(string root, string stampFile, string workFolder)
    {
        var folder = new FeedFolder(root);
        using var turn = await folder.LockAsync();
        if (File.Exists(stampFile))
        {
            return; // another restore has filled it meanwhile
        }

        var wanted = WantedVersions.Read(root);
        var archive = new AzureArchive(wanted, workFolder);
        var standIns = new StandIns(root, wanted, workFolder);
        IReadOnlyList<Package> known = [.. archive.Packages, .. standIns.Packages];
        IReadOnlyList<Package> lacking;
        try
        {
            lacking = await Registries.FindLackingAsync(PackageSources.Read(root), known);
        }
        catch (Exception unreachable) when (unreachable is HttpRequestException or TaskCanceledException)
        {
            // No stamp: the next restore asks again. This one succeeds if everything is there already.
            Console.WriteLine($"eng/feed: .feed stays as it is, because a package source does not answer: {unreachable.Message}");
            return;
        }

        foreach (var package in known.Except(lacking))
        {
            folder.Drop(package);
        }

        await archive.FillAsync(folder, lacking);
        await standIns.FillAsync(folder, lacking);
        folder.Mark(".filled-", Path.GetFileName(stampFile));
    }
}
