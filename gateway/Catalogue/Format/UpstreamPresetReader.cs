using System.Text.Json;

namespace Freeway.Gateway.Catalogue.Format;

/// <summary>
/// Reads the files of upstreams that a catalogue names; each once, however many upstreams are made from it.
/// </summary>
/// <param name="open">A preset's file by its name; null where there is none.</param>
internal sealed class UpstreamPresetReader(CatalogueErrors errors, Func<string, byte[]?> open)
{
    private readonly Dictionary<string, UpstreamEntry?> _read = new(StringComparer.Ordinal);

    /// <summary>Gives the file name by which errors name a preset.</summary>
    public static string File(string name) => $"presets/upstreams/{name}.json";

    /// <summary>The preset, or null with an error.</summary>
    public UpstreamEntry? Read(string name, string place)
    {
        if (!CatalogueErrors.NamePattern.IsMatch(name))
        {
            errors.Name(name, place);
            return null;
        }

        if (!_read.TryGetValue(name, out var preset))
        {
            preset = open($"upstreams/{name}") is { } json ? Parse(name, json) : null;
            _read.Add(name, preset);
        }

        errors.Check(
            preset is not null || errors.All.Any(error => error.StartsWith(File(name), StringComparison.Ordinal)),
            place, $"there is no file {File(name)}");
        return preset;
    }

    private UpstreamEntry? Parse(string name, byte[] json)
    {
        var file = File(name);
        try
        {
            var preset = JsonSerializer.Deserialize(json, CatalogueJson.Default.UpstreamEntry);
            if (!errors.Check(preset?.Version is 1, $"{file}: version", "must be 1"))
            {
                return null;
            }

            errors.Check(preset!.Preset == name, $"{file}: preset", $"must be '{name}', as the file is called");
            errors.Check(preset.Account is null, $"{file}: account", "is the catalogue's to name");
            errors.Check(!string.IsNullOrWhiteSpace(preset.Description), $"{file}: description", "is needed");
            errors.Check(
                !string.IsNullOrWhiteSpace(preset.Naming),
                $"{file}: naming", "is needed: how are models named there?");
            errors.Check(preset.Sources is { Count: > 0 }, $"{file}: sources", "at least one is needed");
            errors.Check(preset.BaseUrl is not null, $"{file}: base_url", "is needed");
            errors.Check(preset.KeySetting is not null, $"{file}: key_setting", "is needed");
            return preset;
        }
        catch (JsonException error)
        {
            errors.Add($"{file}: ", error);
            return null;
        }
    }
}
