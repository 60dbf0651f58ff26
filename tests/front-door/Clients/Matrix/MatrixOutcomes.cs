using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Freeway.Tests.Shared;

namespace Freeway.FrontDoor.Tests.Clients.Matrix;

/// <summary>The outcomes that are expected, by scenario and client: the file <c>tests/clients/outcomes.json</c>.</summary>
internal static class MatrixOutcomes
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    private static string Path => System.IO.Path.Combine(RepositoryFolder.Root, "tests", "clients", "outcomes.json");

    /// <summary>Whether the outcomes and the docs are written anew instead of compared.</summary>
    public static bool AreWritten { get; } = Environment.GetEnvironmentVariable("FREEWAY_WRITE_DOCS") is "1";

    public static IReadOnlyDictionary<string, Dictionary<string, MatrixOutcome>> Read() =>
        JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, MatrixOutcome>>>(File.ReadAllBytes(Path), Json)!;

    /// <summary>Puts what was measured in the place of what was expected; a diff then tells what has changed.</summary>
    public static void Write(ClientMatrix matrix) => File.WriteAllText(
        Path,
        "{\n" + string.Join(",\n", MatrixScenarios.All.Select(scenario => $"  \"{scenario.Name}\": {{\n"
            + string.Join(",\n", MatrixClient.All.Select(client => $"    \"{client.Name}\": {JsonSerializer.Serialize(matrix.Of(client.Name, scenario.Name), Json)}"))
            + "\n  }")) + "\n}\n");
}
