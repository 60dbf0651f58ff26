namespace Freeway.Runner.Local;

/// <summary>Everything that one Freeway keeps on this machine. Held by one process at a time.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly FileStream _lock;
    private readonly bool _temporary;

    private DataFolder(string path, FileStream held, bool temporary)
    {
        Root = path;
        _lock = held;
        _temporary = temporary;
    }

    public string Root { get; }

    public string Azurite => Path.Combine(Root, "azurite");

    /// <summary>The file of the embedded tables.</summary>
    public string Tables => TablesOf(Root);

    public string Broker => BrokerOf(Root);

    public string Keys => Path.Combine(Root, "demo-key.json");

    /// <summary>The file of the embedded tables in a data folder that nobody needs to hold.</summary>
    public static string TablesOf(string root) => Path.Combine(root, "tables", "tables.db");

    /// <summary>The folder of the broker's journals in a data folder that nobody needs to hold.</summary>
    public static string BrokerOf(string root) => Path.Combine(root, "broker");

    /// <param name="path">Null for a new one that goes when it is disposed.</param>
    /// <exception cref="LocalSetupException">Another process holds it, or it cannot be made.</exception>
    public static DataFolder Open(string? path)
    {
        var root = path is null ? Directory.CreateTempSubdirectory("freeway-").FullName : Path.GetFullPath(path);
        try
        {
            Directory.CreateDirectory(root);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LocalSetupException($"The data folder {root} cannot be made: {e.Message}", e);
        }

        try
        {
            var held = new FileStream(Path.Combine(root, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return new DataFolder(root, held, path is null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LocalSetupException($"The data folder {root} is in use by another Freeway, or closed to us: name another with --data.", e);
        }
    }

    public void Dispose()
    {
        _lock.Dispose();
        if (_temporary)
        {
            Directory.Delete(Root, recursive: true);
        }
    }
}
