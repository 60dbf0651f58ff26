namespace Freeway.Runner.Local;

/// <summary>The checkout that this program was built in.</summary>
internal static class RepositoryRoot
{
    /// <summary>Finds the checkout's root folder; null where the program was taken elsewhere.</summary>
    public static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "eng", "local", "azurite.mjs")))
            {
                return folder.FullName;
            }
        }

        return null;
    }
}
