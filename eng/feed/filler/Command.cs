using System.ComponentModel;
using System.Diagnostics;

namespace Freeway.Feed;

/// <summary>Runs a program to its end, silently unless it fails.</summary>
internal static class Command
{
    /// <exception cref="FeedException">The program is absent, or failed.</exception>
    public static async Task RunAsync(string program, IReadOnlyList<string> arguments, string whenAbsent)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Start(start, whenAbsent);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            Console.WriteLine(await output);
            Console.WriteLine(await errors);
            throw new FeedException($"`{program} {string.Join(' ', arguments)}` failed with exit code {process.ExitCode}; its output is above.");
        }
    }

    private static Process Start(ProcessStartInfo start, string whenAbsent)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            throw new FeedException(whenAbsent);
        }
    }
}
