using System.Diagnostics;
using Freeway.Tests.Shared;

namespace Freeway.Tests.Simulation.Bugs;

/// <summary>
/// Makes each seeded bug in a copy of the sources, builds it, and looks for the first seed that shows it: the measure of what
/// the simulator is worth.
/// </summary>
public sealed class BugHunt : IDisposable
{
    private static readonly string[] Sources = ["eng", "gateway", "tests/simulation", "tests/shared"];
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);
    private readonly string _copy = Directory.CreateTempSubdirectory("freeway-bugs-").FullName;
    private readonly int _seeds;

    /// <param name="seeds">How many are run for a bug at most.</param>
    public BugHunt(int seeds)
    {
        _seeds = seeds;
        CopySources();
    }

    /// <returns>One line of a table, and whether the bug was found.</returns>
    public (string Line, bool Found) Hunt(SeededBug bug)
    {
        var takeBack = bug.Plant(_copy);
        try
        {
            var built = Run("build", "tests/simulation", "-c", "Release", "--nologo", "-v", "q", "-p:RunAnalyzers=false", "-p:TreatWarningsAsErrors=false");
            if (built.Code is not 0)
            {
                return ($"| {bug.Name} | does not compile: {built.Output.Split('\n').FirstOrDefault(line => line.Contains("error", StringComparison.Ordinal))} | |", false);
            }

            var hunt = Run("tests/simulation/bin/Release/net10.0/Freeway.Simulation.Tests.dll", "--first", "--seeds", $"{_seeds}");
            var lines = hunt.Output.Split('\n');
            var found = Array.FindIndex(lines, line => line.StartsWith("seed ", StringComparison.Ordinal));
            return found < 0
                ? ($"| {bug.Name} | not within {_seeds} seeds | {lines.FirstOrDefault()} |", false)
                : ($"| {bug.Name} | {lines[found].Split(',')[0]["seed ".Length..]} | {lines[found + 1].Trim()} |", true);
        }
        finally
        {
            takeBack();
        }
    }

    public void Dispose() => Directory.Delete(_copy, recursive: true);

    private void CopySources()
    {
        var root = RepositoryFolder.Root;
        foreach (var file in Directory.GetFiles(root).Where(file => Path.GetExtension(file) is ".props" or ".targets" or ".json" or ".config" or ".editorconfig"))
        {
            File.Copy(file, Path.Combine(_copy, Path.GetFileName(file)));
        }

        Directory.CreateDirectory(Path.Combine(_copy, "tests"));
        File.Copy(Path.Combine(root, "tests/Directory.Build.props"), Path.Combine(_copy, "tests/Directory.Build.props"));
        foreach (var file in Sources.SelectMany(folder => Directory.GetFiles(Path.Combine(root, folder), "*", SearchOption.AllDirectories)))
        {
            var path = Path.GetRelativePath(root, file);
            if (!path.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "local"))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_copy, path))!);
                File.Copy(file, Path.Combine(_copy, path));
            }
        }
    }

    private (int Code, string Output) Run(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = _copy, RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(Longest))
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }

        return (process.ExitCode, output.GetAwaiter().GetResult());
    }
}
