using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Freeway.Runner.Commands;

/// <summary>Tells other programs that all is ready, and where.</summary>
internal static class ReadyFile
{
    /// <summary>Takes away what an earlier run has left.</summary>
    public static void Clear(string? path)
    {
        if (File.Exists(path))
        {
            File.Delete(path);
        }
    }

    /// <summary>Appears whole or not at all. It may hold secrets, so only its owner may read it.</summary>
    public static void Write<T>(string? path, T content, JsonTypeInfo<T> json)
    {
        if (path is null)
        {
            return;
        }

        var full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        var next = $"{full}.{Environment.ProcessId}";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(next, options))
        {
            JsonSerializer.Serialize(stream, content, json);
        }

        File.Move(next, full, overwrite: true);
    }
}

/// <summary>Writes what the ready file holds; generated, so that a start does not wait for reflection.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ReadyRun))]
[JsonSerializable(typeof(ReadyPart))]
internal sealed partial class ReadyJson : JsonSerializerContext;

/// <summary>Tells other programs what they need to use one part that runs alone.</summary>
/// <param name="Connection">The value of the setting that names it: a connection string, or an address.</param>
internal sealed record ReadyPart(string Connection, int Port, int Pid);

/// <summary>Tells other programs what they need to use a running Freeway, or to share its parts.</summary>
/// <param name="ApiKey">Null when nothing was seeded.</param>
/// <param name="AdminKey">Null when the settings give only its hash.</param>
/// <param name="Storage">Connection string of Azurite, where it was started here; embedded tables have none, they are
///     this process's alone.</param>
/// <param name="ServiceBus">Connection string of the broker, where it was started here.</param>
internal sealed record ReadyRun(
    Uri Url, string? ApiKey, string? AdminKey, string UpstreamUrl, int Pid, string? Storage, string? ServiceBus)
{
    public static ReadyRun Of(FreewayHost host) => new(
        host.Url, host.ApiKey, host.AdminKey, host.UpstreamUrl, Environment.ProcessId,
        host.Azurite?.ConnectionString, host.Broker?.ConnectionString);
}
