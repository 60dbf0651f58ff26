namespace Freeway.Feed;

/// <summary>
/// The folder <c>.feed</c>. Packages appear in it whole or not at all, and only while the lock is held.
/// </summary>
internal sealed class FeedFolder(string root)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly string _feed = Path.Combine(root, ".feed");

    /// <summary>Waits for its turn among all restores on this machine; the lock dies with its process.</summary>
    public async Task<IDisposable> LockAsync()
    {
        var path = Path.Combine(_feed, ".lock");
        for (var waited = TimeSpan.Zero; waited < Patience; waited += Pause)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(Pause);
            }
        }

        throw new FeedException($"Another restore has held {path} for {Patience.TotalMinutes} minutes; end it and try again.");
    }

    public bool Has(Package package) => File.Exists(PathOf(package));

    /// <summary>Moves a finished file in, and forgets what was unpacked from an earlier one of the same version.</summary>
    public void Take(Package package, string file)
    {
        File.Move(file, PathOf(package), overwrite: true);
        Forget(package);
    }

    /// <summary>Removes what the registry has by now.</summary>
    public void Drop(Package package)
    {
        if (Has(package))
        {
            File.Delete(PathOf(package));
            Forget(package);
        }
    }

    public bool HasMark(string name) => File.Exists(Path.Combine(_feed, name));

    /// <summary>Leaves an empty file that says what the folder holds, in place of its predecessors.</summary>
    public void Mark(string kind, string name)
    {
        foreach (var earlier in Directory.GetFiles(_feed, $"{kind}*"))
        {
            File.Delete(earlier);
        }

        File.Create(Path.Combine(_feed, name)).Dispose();
    }

    private string PathOf(Package package) => Path.Combine(_feed, package.FileName);

    private void Forget(Package package)
    {
        var unpacked = Path.Combine(root, ".packages", package.Id.ToLowerInvariant(), package.Version);
        if (Directory.Exists(unpacked))
        {
            Directory.Delete(unpacked, recursive: true);
        }
    }
}
