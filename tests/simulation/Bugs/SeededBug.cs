using System.Text.Json;
using Freeway.Tests.Shared;

namespace Freeway.Tests.Simulation.Bugs;

/// <summary>A mistake that somebody could make in the domain's code: one text in the place of another.</summary>
/// <param name="Name">What is wrong with it.</param>
/// <param name="File">Path from the root of the repository, with slashes.</param>
/// <param name="Find">What is there; it is there once.</param>
/// <param name="Replace">What is put in its place.</param>
public sealed record SeededBug(string Name, string File, string Find, string Replace)
{
    /// <summary>All that are kept in <c>bugs.json</c>.</summary>
    public static IReadOnlyList<SeededBug> ReadAll() => JsonSerializer.Deserialize<List<SeededBug>>(
        System.IO.File.ReadAllBytes(Path.Combine(RepositoryFolder.Root, "tests/simulation/Bugs/bugs.json")), JsonSerializerOptions.Web)!;

    /// <summary>How often the text is found; once, or the code has moved on and the bug with it.</summary>
    public int Places(string root) => System.IO.File.ReadAllText(Path.Combine(root, File)).Split(Find).Length - 1;

    /// <summary>Makes the mistake in a copy of the repository.</summary>
    /// <returns>Takes it back.</returns>
    public Action Plant(string root)
    {
        var path = Path.Combine(root, File);
        var right = System.IO.File.ReadAllText(path);
        System.IO.File.WriteAllText(path, right.Replace(Find, Replace, StringComparison.Ordinal));
        return () => System.IO.File.WriteAllText(path, right);
    }
}
