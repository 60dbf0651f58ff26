using System.Collections;
using System.Text.Json;

namespace Freeway.Runner.Local;

/// <summary>Settings as Core Tools reads them: <c>local.settings.json</c>, over which the environment goes.</summary>
internal static class LocalSettings
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    /// <exception cref="LocalSetupException">The file cannot be read.</exception>
    public static IReadOnlyDictionary<string, string?> Read() =>
        Read(Path.Combine(RepositoryRoot.Find() ?? ".", "local.settings.json"), Environment.GetEnvironmentVariables());

    internal static IReadOnlyDictionary<string, string?> Read(string path, IDictionary environment)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in Values(path))
        {
            settings[Name(name)] = value;
        }

        foreach (DictionaryEntry variable in environment)
        {
            settings[Name((string)variable.Key)] = (string?)variable.Value;
        }

        return settings;
    }

    private static string Name(string text) => text.Replace("__", ":", StringComparison.Ordinal);

    private static Dictionary<string, string?> Values(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        try
        {
            using var stream = File.OpenRead(path);
            return JsonSerializer.Deserialize<SettingsFile>(stream, Json)?.Values ?? [];
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new LocalSetupException($"{path} cannot be read: {e.Message}", e);
        }
    }

    private sealed record SettingsFile(Dictionary<string, string?>? Values);
}

/// <summary>
/// Something outside the program keeps it from starting. The message is one line for whoever started it.
/// </summary>
public sealed class LocalSetupException(string message, Exception? inner = null) : Exception(message, inner);
