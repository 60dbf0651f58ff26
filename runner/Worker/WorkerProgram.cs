using System.Text.Json;
using Freeway.Runner.Local;

namespace Freeway.Runner.Worker;

/// <summary>A built or published functions app, as a host finds it in a folder.</summary>
/// <param name="Folder">The app's folder, as an absolute path.</param>
/// <param name="Executable">What is started: <c>dotnet</c>, or the app's own program.</param>
/// <param name="Assembly">The first argument; null where the executable is the app's own.</param>
internal sealed record WorkerProgram(string Folder, string Executable, string? Assembly)
{
    private const string ConfigFile = "worker.config.json";
    private const string Dotnet = "dotnet";

    /// <summary>The file that says how the app's routes begin, and more.</summary>
    public string HostFile => Path.Combine(Folder, "host.json");

    /// <exception cref="LocalSetupException">The folder holds no app for the isolated worker.</exception>
    public static WorkerProgram Find(string folder)
    {
        var root = Path.GetFullPath(folder);
        var path = Path.Combine(root, ConfigFile);
        try
        {
            using var file = JsonDocument.Parse(File.ReadAllBytes(path));
            var description = file.RootElement.GetProperty("description");
            var executable = description.GetProperty("defaultExecutablePath").GetString()!;
            var assembly = description.GetProperty("defaultWorkerPath").GetString()!;
            return executable == Dotnet
                ? new WorkerProgram(root, DotnetHost(), Path.Combine(root, assembly))
                : new WorkerProgram(root, Path.Combine(root, executable), null);
        }
        catch (Exception e) when (
            e is IOException or JsonException or KeyNotFoundException or UnauthorizedAccessException)
        {
            throw new LocalSetupException($"{root} holds no functions app for the isolated worker: {e.Message}", e);
        }
    }

    /// <summary>The one that runs this process, if it is one, so that a start needs nothing on the path.</summary>
    private static string DotnetHost() =>
        Environment.ProcessPath is { } own && Path.GetFileNameWithoutExtension(own) == Dotnet ? own : Dotnet;
}
