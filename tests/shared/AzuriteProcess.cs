using System.Diagnostics;
using System.Globalization;

namespace Freeway.Tests.Shared;

/// <summary>One Azurite per test process, in memory, on a free port. It exits with us, also when we are killed.</summary>
public static class AzuriteProcess
{
    private static readonly Lazy<Task<string>> Shared = new(StartAsync);

    /// <summary>Its connection string, as soon as it serves.</summary>
    public static Task<string> ConnectionAsync() => Shared.Value;

    public static string ConnectionStringOf(int port) =>
        "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;"
        + "AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;"
        + $"TableEndpoint=http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}/devstoreaccount1;";

    private static async Task<string> StartAsync()
    {
        var root = RepositoryRoot();
        var local = Path.Combine(root, "eng", "local");
        await InstallAsync(local);

        var start = new ProcessStartInfo("node") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(root, "tests", "shared", "azurite.cjs"));
        start.ArgumentList.Add(local);
        // The process lives as long as our end of its standard input, which the system closes when we end.
        var process = Process.Start(start)!;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => process.StandardInput.Close();
        var line = await process.StandardOutput.ReadLineAsync();
        return int.TryParse(line, CultureInfo.InvariantCulture, out var port)
            ? ConnectionStringOf(port)
            : throw new InvalidOperationException($"Azurite did not start: {await process.StandardError.ReadToEndAsync()}");
    }

    /// <summary>Test processes of one run start together; one of them installs and the others wait for its lock.</summary>
    private static async Task InstallAsync(string local)
    {
        var lockPath = Path.Combine(local, ".install.lock");
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        FileStream? held;
        while (!TryLock(lockPath, out held))
        {
            await poll.WaitForNextTickAsync();
        }

        using (held)
        {
            if (File.Exists(Path.Combine(local, "node_modules", "azurite", "package.json")))
            {
                return;
            }

            var start = new ProcessStartInfo("npm") { WorkingDirectory = local, RedirectStandardError = true };
            foreach (var argument in new[] { "install", "--no-audit", "--no-fund", "--loglevel=error" })
            {
                start.ArgumentList.Add(argument);
            }

            using var npm = Process.Start(start)!;
            var errors = await npm.StandardError.ReadToEndAsync();
            await npm.WaitForExitAsync();
            if (npm.ExitCode is not 0)
            {
                throw new InvalidOperationException($"npm could not install Azurite: {errors}");
            }
        }
    }

    private static bool TryLock(string path, out FileStream? held)
    {
        try
        {
            held = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (IOException)
        {
            held = null;
            return false;
        }
    }

    private static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Serverless.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
