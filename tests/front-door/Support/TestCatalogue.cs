using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Freeway.FrontDoor.Tests.Support;

/// <summary>A catalogue for one test, whose models all answer from the loopback upstream.</summary>
public static class TestCatalogue
{
    /// <summary>Nano-dollars that one token costs in the models made here.</summary>
    public const long InputNanos = 1_000;
    public const long OutputNanos = 2_000;

    /// <summary>The settings with which a gateway offers this.</summary>
    /// <param name="catalogue">Members beside version, as they are written in JSON; without upstreams there is the loopback one.</param>
    /// <param name="settings">More settings.</param>
    public static Dictionary<string, string?> Settings(object catalogue, params (string Name, string Value)[] settings)
    {
        var json = JsonSerializer.SerializeToNode(catalogue)!.AsObject();
        json["version"] = 1;
        json["upstreams"] ??= new JsonObject { ["loopback"] = new JsonObject { ["base_url"] = "http://127.0.0.1:1/v1", ["models_path"] = "models", ["key_path"] = "key" } };
        var bytes = JsonSerializer.SerializeToUtf8Bytes(json);
        // Beside the repository's own catalogue, where the presets are.
        var path = Path.Combine(AppContext.BaseDirectory, $"catalogue-{Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]}.json");
        // Another test may read the same one at this moment: it is whole at once.
        var next = Path.Combine(AppContext.BaseDirectory, Path.GetRandomFileName());
        File.WriteAllBytes(next, bytes);
        File.Move(next, path, overwrite: true);
        return new Dictionary<string, string?>(settings.Select(pair => KeyValuePair.Create<string, string?>(pair.Name, pair.Value)))
        {
            ["Freeway:CataloguePath"] = path,
        };
    }

    /// <summary>A model that costs $1 per million input and $2 per million output tokens.</summary>
    /// <param name="more">Members on top of, or instead of, the usual ones.</param>
    public static JsonObject Model(string id, object? more = null)
    {
        var model = new JsonObject
        {
            ["id"] = id,
            ["name"] = id,
            ["context_length"] = 32768,
            ["usd_per_million_tokens"] = new JsonObject { ["input"] = 1, ["output"] = 2 },
            ["routes"] = new JsonArray(new JsonObject { ["upstream"] = "loopback", ["model"] = "echo" }),
        };
        foreach (var (name, value) in more is null ? [] : JsonSerializer.SerializeToNode(more)!.AsObject().ToList())
        {
            model[name] = value?.DeepClone();
        }

        return model;
    }
}
