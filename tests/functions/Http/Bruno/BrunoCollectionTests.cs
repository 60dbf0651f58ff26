using System.Text.Json.Nodes;
using Freeway.Functions.Http;
using Freeway.Tests.Shared;

namespace Freeway.Functions.Tests.Http.Bruno;

/// <summary>
/// The collection in <c>docs/bruno</c> is that of the description which is served; with <c>FREEWAY_WRITE_DOCS=1</c> it
/// is written anew.
/// </summary>
public sealed class BrunoCollectionTests
{
    private const string Again = "run FREEWAY_WRITE_DOCS=1 ./test functions";

    private static readonly string Folder = Path.Combine(RepositoryFolder.Root, "docs", "bruno");

    private static JsonNode Document => JsonNode.Parse(ApiEndpoints.CreateDocument().Bytes.Span)!;

    [Fact]
    public void Collection_OfTheDocumentation_IsMadeFromTheDescription()
    {
        var files = BrunoCollection.Files(Document);
        if (Environment.GetEnvironmentVariable("FREEWAY_WRITE_DOCS") is "1")
        {
            Write(files);
        }

        var written = Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories)
            .ToDictionary(file => Path.GetRelativePath(Folder, file).Replace('\\', '/'), File.ReadAllText);

        written.Keys.Except(files.Keys).ShouldBeEmpty(Again);
        files.Where(file => written.GetValueOrDefault(file.Key)?.ReplaceLineEndings("\n") != file.Value)
            .Select(file => file.Key).ShouldBeEmpty(Again);
    }

    [Fact]
    public void Collection_HasARequestForEachOperation_WithTheKeyOfItsFolder()
    {
        var files = BrunoCollection.Files(Document);

        foreach (var operation in ApiEndpoints.Operations)
        {
            var request = files[$"{operation.Tag}/{operation.Id}.bru"];
            request.ShouldContain($"{operation.Method.ToLowerInvariant()} {{\n  url: {{{{baseUrl}}}}/");
            request.ShouldContain("auth: inherit");
        }

        files["Admin/folder.bru"].ShouldContain("token: {{managementKey}}");
        files["Inference/folder.bru"].ShouldContain("token: {{apiKey}}");
        files["Service/folder.bru"].ShouldNotContain("token");
    }

    private static void Write(IReadOnlyDictionary<string, string> files)
    {
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }

        foreach (var (name, text) in files)
        {
            var file = Path.Combine(Folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }
    }
}
