using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Freeway.Functions.Tests.Http.Bruno;

/// <summary>
/// Writes the operations of an OpenAPI document as a collection for Bruno: a folder for each tag, a file for each
/// operation with its example, and an environment for this machine.
/// </summary>
internal static partial class BrunoCollection
{
    private const string Manifest = """{"version":"1","name":"Freeway","type":"collection","ignore":["node_modules",".git"]}""";

    private const string Localhost =
        """
        vars {
          baseUrl: http://localhost:7071
        }
        vars:secret [
          apiKey,
          managementKey
        ]

        """;

    private const string Collection =
        """
        meta {
          name: Freeway
        }

        auth {
          mode: none
        }

        docs {
          Every operation of this Freeway's /openapi.json. Choose the environment localhost, and give it the two keys
          that ./run prints: apiKey calls models and looks things up, managementKey administers.
        }

        """;

    private static readonly JsonSerializerOptions Pretty = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The collection's files, by their paths within it.</summary>
    public static SortedDictionary<string, string> Files(JsonNode document)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["bruno.json"] = Manifest + "\n",
            ["collection.bru"] = Collection.ReplaceLineEndings("\n"),
            ["environments/localhost.bru"] = Localhost.ReplaceLineEndings("\n"),
        };
        var folder = 0;
        foreach (var tag in document["tags"]!.AsArray())
        {
            var name = (string)tag!["name"]!;
            files[$"{name}/folder.bru"] = Folder(name, ++folder, (string)tag["description"]!);
        }

        var count = 0;
        foreach (var (path, methods) in document["paths"]!.AsObject())
        {
            foreach (var (method, operation) in methods!.AsObject())
            {
                var id = (string)operation!["operationId"]!;
                files[$"{operation["tags"]![0]}/{id}.bru"] = Request(document, path, method, operation, id, ++count);
            }
        }

        return files;
    }

    private static string Folder(string tag, int order, string description)
    {
        var key = tag switch { "Admin" => "managementKey", "Service" => null, _ => "apiKey" };
        var text = Block("meta", $"name: {tag}", $"seq: {order}") + Block("auth", $"mode: {(key is null ? "none" : "bearer")}");
        return Trimmed(text + (key is null ? "" : Block("auth:bearer", $"token: {{{{{key}}}}}")) + Block("docs", description));
    }

    private static string Request(JsonNode document, string path, string method, JsonNode operation, string id, int order)
    {
        var parameters = (operation["parameters"]?.AsArray() ?? [])
            .Select(reference => document["components"]!["parameters"]![((string)reference!["$ref"]!).Split('/')[^1]]!)
            .ToLookup(parameter => (string)parameter["in"]!);
        var needed = parameters["query"].Where(IsRequired).Select(parameter => $"{parameter["name"]}={Example(parameter)}").ToList();
        var url = "{{baseUrl}}" + PathParameter().Replace(path, ":$1") + (needed.Count > 0 ? "?" + string.Join('&', needed) : "");
        var body = operation["requestBody"]?["content"]!.AsObject().Single();
        var text = new StringBuilder()
            .Append(Block("meta", $"name: {id}", "type: http", $"seq: {order}"))
            .Append(Block(method, $"url: {url}", $"body: {Mode(body?.Key)}", "auth: inherit"))
            .Append(Pairs("params:query", parameters["query"]))
            .Append(Pairs("params:path", parameters["path"]))
            .Append(Pairs("headers", parameters["header"]));
        if (body is { Value: { } content })
        {
            text.Append(Mode(body.Value.Key) is "json"
                ? Block("body:json", content["example"]!.ToJsonString(Pretty).Split('\n'))
                : Block("body:multipart-form", [.. Fields(content)]));
        }

        string[] said = [$"{operation["summary"]}.", .. operation["description"] is { } more ? ["", (string)more!] : Array.Empty<string>()];
        return Trimmed(text.Append(Block("docs", said)).ToString());
    }

    private static string Trimmed(string text) => text.TrimEnd('\n') + "\n";

    private static string Mode(string? mediaType) => mediaType switch
    {
        null => "none",
        "application/json" => "json",
        "multipart/form-data" => "multipartForm",
        _ => throw new InvalidOperationException($"Bruno has no body of the type {mediaType} here."),
    };

    /// <summary>The fields that a form must have, files to be chosen by the reader.</summary>
    private static IEnumerable<string> Fields(JsonNode content) => content["schema"]!["required"]!.AsArray().Select(name =>
        content["schema"]!["properties"]![(string)name!]!["contentMediaType"] is null
            ? $"{name}: sarvam/saaras:v3:free"
            : $"{name}: @file(sound.wav)");

    /// <summary>Parameters as pairs; those that may be left out are switched off.</summary>
    private static string Pairs(string block, IEnumerable<JsonNode> parameters)
    {
        string[] lines = [.. parameters.Select(parameter => $"{(IsRequired(parameter) ? "" : "~")}{parameter["name"]}: {Example(parameter)}")];
        return lines is [] ? "" : Block(block, lines);
    }

    private static bool IsRequired(JsonNode parameter) => (bool)parameter["required"]!;

    private static string Example(JsonNode parameter) =>
        (parameter["example"] ?? parameter["schema"]!["default"] ?? parameter["schema"]!["enum"]?[0])?.ToString() ?? "";

    private static string Block(string name, params string[] lines) =>
        $"{name} {{\n{string.Concat(lines.Select(line => line.Length is 0 ? "\n" : $"  {line}\n"))}}}\n\n";

    [GeneratedRegex(@"\{([^}]+)\}")]
    private static partial Regex PathParameter();
}
