using Freeway.Tests.Shared;

namespace Freeway.Bicep.Tests;

/// <summary>A copy of the Bicep, and of the files that it reads, to break and to compile.</summary>
internal sealed class BicepFolder : IDisposable
{
    private static readonly string[] Copied = ["bicep", "presets", "catalogue.json", "azure.yaml"];

    public BicepFolder()
    {
        Root = Directory.CreateTempSubdirectory("freeway-bicep-").FullName;
        foreach (var file in Copied.SelectMany(FilesOf))
        {
            var target = Path.Combine(Root, Path.GetRelativePath(RepositoryFolder.Root, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    public string Root { get; }

    /// <summary>The parameters as azd gives them.</summary>
    public string MainParameters => Path.Combine(Root, "bicep", "main.bicepparam");

    /// <summary>Every parameter file: each option that the deployment guide names is taken in one of them.</summary>
    public IReadOnlyList<string> ParameterFiles =>
    [
        MainParameters,
        .. Directory.GetFiles(Path.Combine(Root, "bicep", "parameters"), "*.bicepparam").Order(StringComparer.Ordinal),
    ];

    /// <summary>Every file that has a format.</summary>
    public IReadOnlyList<string> BicepFiles =>
    [
        .. Directory.GetFiles(Path.Combine(Root, "bicep"), "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".bicep" or ".bicepparam"),
    ];

    /// <summary>Replaces a text that is in the file once.</summary>
    /// <returns>False where the text is missing or there twice; the file is then as it was.</returns>
    public bool TryEdit(string file, string find, string replace)
    {
        var path = Path.Combine(Root, file);
        var parts = File.ReadAllText(path).Split(find);
        var isThereOnce = parts.Length is 2;
        if (isThereOnce)
        {
            File.WriteAllText(path, string.Join(replace, parts));
        }

        return isThereOnce;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static string[] FilesOf(string name)
    {
        var path = Path.Combine(RepositoryFolder.Root, name);
        return Directory.Exists(path) ? Directory.GetFiles(path, "*", SearchOption.AllDirectories) : [path];
    }
}
