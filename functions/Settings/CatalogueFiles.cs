using System.Text.Json;
using Freeway.Gateway.Catalogue.Format;

namespace Freeway.Functions.Settings;

/// <summary>
/// The catalogue's file with its presets, which lie beside it, else beside the program: a catalogue of one's own can
/// name the presets that come with it.
/// </summary>
internal sealed class CatalogueFiles(string path, Func<string, string?> setting)
{
    private const string Presets = "presets";

    private string[] Folders => [Path.GetDirectoryName(path)!, AppContext.BaseDirectory];

    /// <returns>Null with what is wrong, each with its place.</returns>
    public FileCatalogue? Read(out IReadOnlyList<string> errors)
    {
        if (!File.Exists(path))
        {
            errors = [$"there is no file {path}"];
            return null;
        }

        // Read as it was written first: errors then tell the line.
        var json = File.ReadAllBytes(path);
        var reader = new CatalogueReader(setting, ReadPreset);
        var snapshot = reader.Read(json);
        errors = [.. reader.Errors.Select(error => $"{path}: {error}")];
        if (snapshot is null)
        {
            return null;
        }

        try
        {
            return new FileCatalogue(
                CatalogueBundle.Gather(json, ReadPreset), snapshot, ReadPreset, [.. PresetNames()]);
        }
        catch (JsonException wrong)
        {
            errors = [$"{path}: {wrong.Message}"];
            return null;
        }
    }

    private byte[]? ReadPreset(string name) => Folders
        .Select(folder => Path.Combine(folder, Presets, $"{name}.json"))
        .FirstOrDefault(File.Exists) is { } found ? File.ReadAllBytes(found) : null;

    private IEnumerable<string> PresetNames() => Folders
        .Select(folder => Path.Combine(folder, Presets))
        .Where(Directory.Exists)
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories)
            .Select(file => Path.ChangeExtension(Path.GetRelativePath(folder, file), null).Replace(
                Path.DirectorySeparatorChar, '/')))
        .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
}
