using System.Text.Json;

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
    public static void Write<T>(string? path, T content)
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
            JsonSerializer.Serialize(stream, content, JsonSerializerOptions.Web);
        }

        File.Move(next, full, overwrite: true);
    }
}
