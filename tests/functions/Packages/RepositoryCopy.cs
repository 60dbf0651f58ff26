using System.Text.Json;
using System.Text.RegularExpressions;
using Freeway.Tests.Shared;

namespace Freeway.Functions.Tests.Packages;

/// <summary>
/// A temporary copy of the files that a restore of <c>functions/</c> reads, with package sources of its own. What a
/// restore adds to the packages stays in the copy.
/// </summary>
internal sealed partial class RepositoryCopy : IDisposable
{
    public const string Extension = "Microsoft.Azure.Functions.Worker.Extensions.ServiceBus";

    /// <summary>A version of the extension that nobody has published: only a source of the test can serve it.</summary>
    public const string Version = "0.0.1";

    /// <summary>A solution of <c>functions/</c> alone.</summary>
    public const string Solution = "Functions.slnx";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("freeway-packages-");

    /// <param name="sources">Package sources: URLs, or folders within the copy.</param>
    public RepositoryCopy(params string[] sources)
    {
        string[] patterns =
        [
            "global.json", "BannedSymbols.txt", "Directory.*",
            "gateway/*.csproj", "adapters/*.csproj", "functions/*.csproj",
            "eng/service-bus-stand-in/*.*", "eng/service-bus-stand-in/probe/*.csproj",
        ];
        foreach (var pattern in patterns)
        {
            var from = Path.Combine(RepositoryFolder.Root, Path.GetDirectoryName(pattern)!);
            var to = Directory.CreateDirectory(PathOf(Path.GetDirectoryName(pattern)!));
            foreach (var file in Directory.EnumerateFiles(from, Path.GetFileName(pattern)).Where(IsNotLock))
            {
                File.Copy(file, Path.Combine(to.FullName, Path.GetFileName(file)));
            }
        }

        File.WriteAllText(
            PathOf(Solution), """<Solution><Project Path="functions/Freeway.Functions.csproj" /></Solution>""");
        var versions = PathOf("Directory.Packages.props");
        File.WriteAllText(versions, ExtensionVersion().Replace(File.ReadAllText(versions), $"${{1}}{Version}$2"));
        var added = sources.Select(source =>
            $"""<add key="{source}" value="{source}" allowInsecureConnections="true" />""");
        File.WriteAllText(PathOf("nuget.config"), $"""
            <configuration>
              <packageSources>
                <clear />
                {string.Concat(added)}
              </packageSources>
            </configuration>
            """);
    }

    public string PathOf(string path) => Path.Combine(_folder.FullName, path);

    /// <summary>Runs a command of the .NET SDK in the copy.</summary>
    public Task<(int ExitCode, string Output)> DotnetAsync(params string[] arguments) =>
        Dotnet.RunAsync(_folder.FullName, PathOf("packages"), arguments);

    /// <summary>What the last restore of <c>functions/</c> took the extension from.</summary>
    /// <returns><c>package</c> or <c>project</c>; null where nothing was restored.</returns>
    public string? RestoredFrom()
    {
        var assets = PathOf("functions/obj/project.assets.json");
        if (!File.Exists(assets))
        {
            return null;
        }

        using var read = JsonDocument.Parse(File.ReadAllBytes(assets));
        return read.RootElement.GetProperty("libraries").EnumerateObject()
            .Where(library => library.Name.StartsWith(Extension + "/", StringComparison.Ordinal))
            .Select(library => library.Value.GetProperty("type").GetString())
            .ShouldHaveSingleItem();
    }

    /// <summary>The kinds of answers that are written down: <c>served</c>, <c>missing</c>.</summary>
    public IEnumerable<string> Answers() => Directory.Exists(PathOf("eng/service-bus-stand-in/obj"))
        ? Directory.EnumerateFiles(PathOf("eng/service-bus-stand-in/obj"))
            .Select(file => Path.GetExtension(file)[1..])
            .Where(kind => kind is "served" or "missing")
        : [];

    public void Dispose() => _folder.Delete(recursive: true);

    private static bool IsNotLock(string file) => !file.EndsWith(".lock.json", StringComparison.Ordinal);

    [GeneratedRegex("""(Include="Microsoft\.Azure\.Functions\.Worker\.Extensions\.ServiceBus" Version=")[^"]*(")""")]
    private static partial Regex ExtensionVersion();
}
