using System.Text.Json;

namespace Freeway.Gateway.Catalogue.Format;

/// <summary>Reads the files of plans that a catalogue names.</summary>
/// <param name="open">A preset's file by its name; null where there is none.</param>
internal sealed class PresetReader(CatalogueErrors errors, Func<string, byte[]?> open)
{
    /// <summary>Gives the file name by which errors name a preset.</summary>
    public static string File(string name) => $"presets/{name}.json";

    /// <summary>Reads presets; the outcome has those that could be read, each with the prefix of its places.</summary>
    public IReadOnlyList<(string At, CatalogueDocument Document)> Read(IReadOnlyList<string?>? names)
    {
        var presets = new List<(string, CatalogueDocument)>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, index) in (names ?? []).Select((name, index) => (name, index)))
        {
            var place = $"presets[{index}]";
            if (name is null || !CatalogueErrors.NamePattern.IsMatch(name))
            {
                errors.Name(name, place);
            }
            else if (errors.Check(seen.Add(name), place, $"'{name}' is there twice") && Read(name, place) is { } document)
            {
                presets.Add(($"{File(name)}: ", document));
            }
        }

        return presets;
    }

    private CatalogueDocument? Read(string name, string place)
    {
        if (open(name) is not { } json)
        {
            errors.Add(place, $"there is no file {File(name)}");
            return null;
        }

        try
        {
            var document = JsonSerializer.Deserialize(json, CatalogueJson.Default.CatalogueDocument);
            if (!errors.Check(document?.Version is 1, $"{File(name)}: version", "must be 1"))
            {
                return null;
            }

            errors.Check(document!.Preset == name, $"{File(name)}: preset", $"must be '{name}', as the file is called");
            errors.Check(document.Presets is null, $"{File(name)}: presets", "a preset names no others");
            errors.Check(document.DefaultPlan is null, $"{File(name)}: default_plan", "is the catalogue's to choose");
            errors.Check(document.Upstreams is null, $"{File(name)}: upstreams", "are the catalogue's to name");
            return document;
        }
        catch (JsonException error)
        {
            errors.Add($"{File(name)}: ", error);
            return null;
        }
    }
}
