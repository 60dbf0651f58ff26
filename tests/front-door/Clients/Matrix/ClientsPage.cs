using System.Text;
using System.Text.Json;
using Freeway.Tests.Shared;
using OpenAI;

namespace Freeway.FrontDoor.Tests.Clients.Matrix;

/// <summary>The measured part of <c>docs/clients.md</c>, between two marks; the words above it are written by hand.</summary>
internal static class ClientsPage
{
    private const string From = "<!-- measured: written by the test suite, see the end of this page -->\n";
    private const string To = "<!-- end of what was measured -->\n";

    private static string Path => System.IO.Path.Combine(RepositoryFolder.Root, "docs", "clients.md");

    /// <summary>What is there now.</summary>
    public static string Read() => Parts().Measured;

    public static void Write(string measured)
    {
        var (before, _, after) = Parts();
        File.WriteAllText(Path, before + From + measured + To + after);
    }

    public static string Of(ClientMatrix matrix)
    {
        var page = new StringBuilder("\n");
        AtAGlance(page, matrix);
        foreach (var client in MatrixClient.All)
        {
            OneByOne(page, matrix, client);
        }

        return page.ToString();
    }

    private static (string Before, string Measured, string After) Parts()
    {
        var page = File.ReadAllText(Path).ReplaceLineEndings("\n");
        var (from, to) = (page.IndexOf(From, StringComparison.Ordinal) + From.Length, page.IndexOf(To, StringComparison.Ordinal));
        return (page[..(from - From.Length)], page[from..to], page[(to + To.Length)..]);
    }

    private static void AtAGlance(StringBuilder page, ClientMatrix matrix)
    {
        page.Append("| what happens |").AppendJoin('|', MatrixClient.All.Select(client => $" {client.Title} ")).Append("|\n");
        page.Append("|---|").AppendJoin('|', MatrixClient.All.Select(_ => "---")).Append("|\n");
        foreach (var scenario in MatrixScenarios.All)
        {
            page.Append($"| {scenario.Title} |")
                .AppendJoin('|', MatrixClient.All.Select(client => $" {OutcomeWords.Short(matrix.Of(client.Name, scenario.Name))} "))
                .Append("|\n");
        }
    }

    private static void OneByOne(StringBuilder page, ClientMatrix matrix, MatrixClient client)
    {
        page.Append($"\n### {client.Title}\n\n{Packages(client)}\n\n");
        page.Append("| what happens | the gateway's answers | what the program gets | the code is in | the time to come back is in |\n|---|---|---|---|---|\n");
        foreach (var scenario in MatrixScenarios.All)
        {
            var outcome = matrix.Of(client.Name, scenario.Name);
            page.Append($"| {scenario.Title} | {outcome.Answers ?? "…"} | {OutcomeWords.Long(outcome)} | {Quoted(outcome.Code)} | {Quoted(outcome.ResetAt)} |\n");
        }
    }

    private static string Packages(MatrixClient client)
    {
        if (client.Packages.Count is 0)
        {
            return $"`OpenAI` {typeof(OpenAIClient).Assembly.GetName().Version!.ToString(3)} of NuGet.";
        }

        using var pinned = JsonDocument.Parse(File.ReadAllBytes(System.IO.Path.Combine(RepositoryFolder.Root, "tests", "clients", "package.json")));
        var versions = pinned.RootElement.GetProperty("dependencies");
        return string.Join(" with ", client.Packages.Select(package => Pin(package, versions.GetProperty(package).GetString()!))) + " of npm.";
    }

    /// <summary>An alias, <c>npm:openai@6.49.0</c>, is named by what it stands for.</summary>
    private static string Pin(string package, string version) =>
        version.LastIndexOf('@') is > 0 and var at ? $"`{version["npm:".Length..at]}` {version[(at + 1)..]}" : $"`{package}` {version}";

    private static string Quoted(string? path) => path is null ? "–" : $"`{path}`";
}
