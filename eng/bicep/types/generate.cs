#:property NoWarn=RS0030;CA1050;CA1849
#:property PublishAot=false

// Writes ../types.json: the definitions of the resource types that wanted.txt names, out of Azure.Bicep.Types.Az.dll, which
// Microsoft's npm package below carries. Only what the checker reads is kept: kinds, bounds, flags, no descriptions.
//   dotnet run eng/bicep/types/generate.cs
using System.Formats.Tar;
using System.IO.Compression;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

const string Package = "@azure/mcp-linux-x64@0.5.8";
const string Integrity = "sha512-Jzut7k3lqR1p310Ycq0sWWeRu03YPI5giOyplk6FcyofvuXKn3K7bTipQj7SaE3COAWiGrGrtJbnqSxxireo5w==";
const string Library = "Azure.Bicep.Types.Az.dll";
string[] nested = ["itemType", "additionalProperties"];
string[] members = ["properties", "baseProperties"];
string[] kept = ["minLength", "maxLength", "pattern", "minValue", "maxValue", "value"];

var here = Here();
var assembly = AssemblyLoadContext.Default.LoadFromStream(new MemoryStream(Unpack(Library)));
var index = Resource("index.json")["resources"]!.AsObject();
var documents = new Dictionary<string, JsonArray>();
var numbers = new Dictionary<(string Document, int Index), int>();
var types = new List<JsonNode?>();
var resources = new JsonObject();
foreach (var wanted in File.ReadLines(Path.Combine(here, "wanted.txt")).Where(line => line.Length > 0))
{
    var (document, type) = Split(index[wanted]?["$ref"] ?? throw new InvalidOperationException($"{Package} has no {wanted}."), "");
    var resource = Load(document)[type]!;
    resources[wanted] = Take(document, resource["body"]!);
}

var written = new JsonObject
{
    ["source"] = new JsonObject
    {
        ["package"] = Package,
        ["integrity"] = Integrity,
        ["assembly"] = $"{Library} {assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion}",
        ["generator"] = "eng/bicep/types/generate.cs",
    },
    ["resources"] = resources,
};
var lines = string.Join(",\n", types.Select(type => type!.ToJsonString()));
File.WriteAllText(Path.Combine(here, "..", "types.json"), written.ToJsonString(new JsonSerializerOptions { WriteIndented = true })[..^2] + $",\n  \"types\": [\n{lines}\n]}}\n");
Console.WriteLine($"{resources.Count} resource types, {types.Count} types");

// The number under which a type is written; a type that is being taken already is only pointed at.
int Take(string from, JsonNode reference)
{
    var place = Split(reference["$ref"]!, from);
    if (!numbers.TryGetValue(place, out var number))
    {
        number = numbers[place] = types.Count;
        types.Add(null);
        types[number] = Shrink(place.Document, Load(place.Document)[place.Index]!.AsObject());
    }

    return number;
}

JsonObject Shrink(string document, JsonObject type)
{
    var small = new JsonObject { ["kind"] = type["$type"]!.GetValue<string>().Replace("Type", "") };
    foreach (var member in kept.Where(type.ContainsKey))
    {
        small[member] = type[member]!.DeepClone();
    }

    foreach (var member in nested.Where(member => type[member] is not null))
    {
        small[member] = Take(document, type[member]!);
    }

    if (type["elements"] is JsonArray union)
    {
        small["elements"] = new JsonArray([.. union.Select(element => (JsonNode)Take(document, element!))]);
    }
    else if (type["elements"] is JsonObject cases)
    {
        small["discriminator"] = type["discriminator"]!.DeepClone();
        small["elements"] = new JsonObject(cases.Select(one => KeyValuePair.Create(one.Key, (JsonNode?)Take(document, one.Value!))));
    }

    foreach (var member in members.Where(member => type[member] is not null))
    {
        small[member] = new JsonObject(type[member]!.AsObject().Select(property => KeyValuePair.Create(
            property.Key, (JsonNode?)new JsonArray(Take(document, property.Value!["type"]!), property.Value!["flags"]!.GetValue<int>()))));
    }

    return small;
}

JsonArray Load(string document) => documents.TryGetValue(document, out var known) ? known : documents[document] = Resource(document).AsArray();

JsonNode Resource(string path)
{
    using var stream = new DeflateStream(assembly.GetManifestResourceStream($"{path}.deflated")!, CompressionMode.Decompress);
    return JsonNode.Parse(stream)!;
}

static (string Document, int Index) Split(JsonNode reference, string here)
{
    var parts = reference.GetValue<string>().Split("#/");
    return (parts[0].Length > 0 ? parts[0] : here, int.Parse(parts[1]));
}

static byte[] Unpack(string library)
{
    var folder = Directory.CreateTempSubdirectory("bicep-types-").FullName;
    try
    {
        using var npm = Process.Start(new ProcessStartInfo("npm", ["pack", Package, "--silent", "--pack-destination", folder]))!;
        npm.WaitForExit();
        var archive = Directory.GetFiles(folder, "*.tgz").Single();
        var hash = "sha512-" + Convert.ToBase64String(SHA512.HashData(File.ReadAllBytes(archive)));
        if (hash != Integrity)
        {
            throw new InvalidOperationException($"{Package} is not the archive that is known here: {hash}.");
        }

        using var tar = new TarReader(new GZipStream(File.OpenRead(archive), CompressionMode.Decompress));
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.Name == $"package/dist/{library}")
            {
                using var bytes = new MemoryStream();
                entry.DataStream!.CopyTo(bytes);
                return bytes.ToArray();
            }
        }

        throw new InvalidOperationException($"{Package} has no {library}.");
    }
    finally
    {
        Directory.Delete(folder, recursive: true);
    }
}

static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
