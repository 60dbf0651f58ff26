using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace Freeway.Runner.Local;

/// <summary>Azurite as npm installs it in <c>eng/local</c>, on first use.</summary>
internal static class AzuritePackage
{
    private static readonly TimeSpan LockPoll = TimeSpan.FromMilliseconds(200);

    /// <summary>The folder with the launcher and a complete <c>node_modules</c>.</summary>
    /// <exception cref="LocalSetupException">Node, npm or the folder is missing, or the installation
    ///     failed.</exception>
    public static async Task<string> EnsureAsync(Action<string> progress, CancellationToken cancellation)
    {
        var folder = Path.Combine(
            RepositoryRoot.Find() ?? throw new LocalSetupException(
                "eng/local is not above this program, so Azurite cannot be installed: set AzureWebJobsStorage."),
            "eng", "local");
        if (IsComplete(folder))
        {
            return folder;
        }

        // Others may start at the same moment: one installs, the rest wait for it.
        using var held = await LockAsync(Path.Combine(folder, ".install.lock"), cancellation);
        if (!IsComplete(folder))
        {
            progress("installing Azurite with npm, once …");
            await InstallAsync(folder, cancellation);
        }

        return folder;
    }

    /// <summary>npm writes its hidden lockfile last, so its presence tells that nothing is half done.</summary>
    private static bool IsComplete(string folder)
    {
        var installed = Path.Combine(folder, "node_modules", ".package-lock.json");
        if (!File.Exists(installed))
        {
            return false;
        }

        using var wanted = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "package.json")));
        using var there = JsonDocument.Parse(File.ReadAllBytes(installed));
        return there.RootElement.GetProperty("packages").TryGetProperty("node_modules/azurite", out var package)
            && package.GetProperty("version").GetString() == wanted.RootElement.GetProperty("dependencies").GetProperty("azurite").GetString();
    }

    private static async Task<FileStream> LockAsync(string path, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(LockPoll, TimeProvider.System, cancellation);
            }
        }
    }

    private static async Task InstallAsync(string folder, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(OperatingSystem.IsWindows() ? "npm.cmd" : "npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var npm = NodeProcess.Start(start);
        var output = npm.StandardOutput.ReadToEndAsync(cancellation);
        var errors = await npm.StandardError.ReadToEndAsync(cancellation);
        await output;
        await npm.WaitForExitAsync(cancellation);
        if (npm.ExitCode != 0)
        {
            throw new LocalSetupException($"npm ci failed in {folder}: {errors.Trim()}");
        }
    }
}

/// <summary>Starts a program of Node.js.</summary>
internal static class NodeProcess
{
    /// <exception cref="LocalSetupException">It is not on this machine.</exception>
    public static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            throw new LocalSetupException(
                $"{start.FileName} is not installed. Azurite needs Node.js 20 or later; "
                + "without --azurite the tables are embedded and need nothing.");
        }
    }
}
