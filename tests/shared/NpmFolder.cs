using System.Diagnostics;
using System.Text.Json;

namespace Freeway.Tests.Shared;

/// <summary>A folder of the repository whose npm packages are installed on first use, as its lock file says.</summary>
public static class NpmFolder
{
    private static readonly TimeSpan LockPoll = TimeSpan.FromMilliseconds(200);

    /// <param name="path">From the repository's root.</param>
    /// <returns>The whole path of the folder, all of its packages in place.</returns>
    public static async Task<string> EnsureAsync(string path)
    {
        var folder = Path.Combine(RepositoryFolder.Root, path);
        if (IsComplete(folder))
        {
            return folder;
        }

        // Test processes of one run start together: one installs and the others wait for its lock.
        using var held = await LockAsync(Path.Combine(folder, ".install.lock"));
        if (!IsComplete(folder))
        {
            await InstallAsync(folder);
        }

        return folder;
    }

    /// <summary>npm writes its hidden lock file last, so that one with the pinned versions tells that nothing is half done.</summary>
    private static bool IsComplete(string folder)
    {
        var installed = Path.Combine(folder, "node_modules", ".package-lock.json");
        if (!File.Exists(installed))
        {
            return false;
        }

        using var wanted = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "package.json")));
        using var there = JsonDocument.Parse(File.ReadAllBytes(installed));
        var packages = there.RootElement.GetProperty("packages");
        return wanted.RootElement.GetProperty("dependencies").EnumerateObject().All(pinned =>
            packages.TryGetProperty("node_modules/" + pinned.Name, out var package)
            && package.GetProperty("version").GetString() == Version(pinned.Value.GetString()!));
    }

    /// <summary>Of a pin, which may be an alias: <c>npm:openai@6.49.0</c>.</summary>
    private static string Version(string pin) => pin[(pin.LastIndexOf('@') + 1)..];

    private static async Task<FileStream> LockAsync(string path)
    {
        using var poll = new PeriodicTimer(LockPoll);
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await poll.WaitForNextTickAsync();
            }
        }
    }

    private static async Task InstallAsync(string folder)
    {
        var start = new ProcessStartInfo(
            OperatingSystem.IsWindows() ? "npm.cmd" : "npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var npm = Process.Start(start)!;
        var output = npm.StandardOutput.ReadToEndAsync();
        var errors = await npm.StandardError.ReadToEndAsync();
        await output;
        await npm.WaitForExitAsync();
        if (npm.ExitCode is not 0)
        {
            throw new InvalidOperationException($"npm ci failed in {folder}: {errors}");
        }
    }
}
