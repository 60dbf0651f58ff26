using System.Text.Json;
using Freeway.Gateway.Keys;

namespace Freeway.Runner.Local;

/// <summary>The secrets of the demo key and of the admin, kept so that a restart shows the same ones.</summary>
internal sealed record DemoKeys(string ApiKey, string AdminKey)
{
    public static DemoKeys LoadOrCreate(string path)
    {
        if (Read(path) is { ApiKey.Length: > 0, AdminKey.Length: > 0 } kept)
        {
            return kept;
        }

        var made = new DemoKeys(KeySecret.Create(), KeySecret.Create(KeyType.Management));
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var stream = new FileStream(path, options);
        JsonSerializer.Serialize(stream, made, JsonSerializerOptions.Web);
        return made;
    }

    private static DemoKeys? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<DemoKeys>(File.ReadAllBytes(path), JsonSerializerOptions.Web);
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null;
        }
    }
}
