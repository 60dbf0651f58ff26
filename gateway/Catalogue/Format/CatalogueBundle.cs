using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Freeway.Gateway.Catalogue.Format;

/// <summary>
/// A catalogue with all the presets that it uses: what a version holds. It needs no file beside it, and no secret is in
/// it, for upstreams' keys are named by their settings. Comments and blanks are not kept: what reads the same is the
/// same.
/// </summary>
public sealed class CatalogueBundle
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, AllowDuplicateProperties = false };
    private static readonly JsonWriterOptions Legible = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly JsonObject _presets;

    private CatalogueBundle(JsonObject catalogue, JsonObject presets)
    {
        (Catalogue, _presets) = (catalogue, presets);
        Bytes = Write(new JsonObject { ["catalogue"] = catalogue.DeepClone(), ["presets"] = presets.DeepClone() });
        Hash = Convert.ToHexStringLower(SHA256.HashData(Bytes));
    }

    /// <summary>The catalogue itself, as in <c>catalogue.json</c>. Whoever changes it changes a clone.</summary>
    public JsonObject Catalogue { get; }

    /// <summary>The presets that the catalogue uses, by name. Whoever changes them changes a clone.</summary>
    public JsonObject AllPresets => _presets;

    /// <summary>The whole bundle as UTF-8 JSON: <c>{"catalogue": {…}, "presets": {…}}</c>.</summary>
    public byte[] Bytes { get; }

    /// <summary>SHA-256 of <see cref="Bytes"/>, lower-case hex.</summary>
    public string Hash { get; }

    /// <summary>Makes a bundle of files.</summary>
    /// <param name="preset">
    /// Opens <c>presets/{name}.json</c>; null where there is none. The reader notes what is missing.
    /// </param>
    /// <exception cref="JsonException">It is not JSON, or no object.</exception>
    public static CatalogueBundle Gather(ReadOnlySpan<byte> catalogue, Func<string, byte[]?> preset) =>
        Of(Parse(catalogue), name => preset(name) is { } file ? Parse(file) : null);

    /// <summary>Makes a bundle of JSON; of the presets only those that the catalogue uses are taken.</summary>
    public static CatalogueBundle Of(JsonObject catalogue, Func<string, JsonObject?> preset)
    {
        var presets = new JsonObject();
        foreach (var name in Used(catalogue).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            if (preset(name) is { } found)
            {
                presets[name] = found.DeepClone();
            }
        }

        return new CatalogueBundle((JsonObject)catalogue.DeepClone(), presets);
    }

    /// <summary>Reads a bundle that was written as <see cref="Bytes"/>.</summary>
    /// <exception cref="JsonException">It is no bundle.</exception>
    public static CatalogueBundle Read(ReadOnlySpan<byte> bytes)
    {
        var whole = Parse(bytes);
        return whole["catalogue"] is JsonObject catalogue && whole["presets"] is JsonObject presets
            ? new CatalogueBundle((JsonObject)catalogue.DeepClone(), (JsonObject)presets.DeepClone())
            : throw new JsonException("It must have the members 'catalogue' and 'presets'.");
    }

    /// <summary>
    /// A preset of it, e.g. <c>fastrouter</c>, or <c>upstreams/groq</c> for an upstream's; null where it has none of
    /// this name.
    /// </summary>
    public JsonObject? Preset(string name) => _presets[name] as JsonObject;

    /// <summary>UTF-8, without blanks.</summary>
    public static byte[] Write(JsonNode node)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, Legible))
        {
            node.WriteTo(writer);
        }

        return bytes.ToArray();
    }

    private static JsonObject Parse(ReadOnlySpan<byte> json)
    {
        // A byte order mark is no JSON, and many an editor writes one.
        var text = json.StartsWith("\uFEFF"u8) ? json[3..] : json;
        return JsonNode.Parse(text, documentOptions: Lenient) as JsonObject ?? throw new JsonException("It must be an object.");
    }

    private static IEnumerable<string> Used(JsonObject catalogue)
    {
        foreach (var name in catalogue["presets"] is JsonArray plans ? plans.Select(Text).OfType<string>() : [])
        {
            yield return name;
        }

        foreach (var (_, upstream) in catalogue["upstreams"] as JsonObject ?? [])
        {
            if (Text((upstream as JsonObject)?["preset"]) is { } name)
            {
                yield return $"upstreams/{name}";
            }
        }
    }

    private static string? Text(JsonNode? node) => node?.GetValueKind() is JsonValueKind.String ? node.GetValue<string>() : null;
}
