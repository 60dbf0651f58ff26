using System.Globalization;
using System.Runtime.InteropServices;

namespace Freeway.Processes.Tests.Support;

/// <summary>Signals as a terminal sends them.</summary>
internal static partial class Signals
{
    public const int Interrupt = 2;
    public const int Terminate = 15;

    private const nint Default = 0;
    private const nint Failed = -1;

    /// <summary>
    /// Gives the processes that are started from here on a SIGINT that ends them or that they handle, as those of a terminal have.
    /// </summary>
    public static void HeedInterrupts()
    {
        // A shell without job control starts its background jobs with SIGINT ignored, and what is ignored is inherited by every
        // process below: the runner, as every .NET program, then leaves it ignored.
        if (IsIgnored(Interrupt) && SetHandler(Interrupt, Default) is Failed)
        {
            throw new InvalidOperationException($"SIGINT stays ignored: error {Marshal.GetLastPInvokeError()}.");
        }
    }

    public static void Send(int process, int signal)
    {
        if (Kill(process, signal) is not 0)
        {
            throw new InvalidOperationException($"Process {process} takes no signal: error {Marshal.GetLastPInvokeError()}.");
        }
    }

    /// <summary>Whether this process ignores a signal; asked of the system, since .NET does not tell.</summary>
    private static bool IsIgnored(int signal)
    {
        const string Name = "SigIgn:";
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(Name, StringComparison.Ordinal));
        // A bit for each signal, the lowest for signal 1.
        var ignored = ulong.Parse(line[Name.Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return (ignored >> (signal - 1) & 1) is 1;
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "signal", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial nint SetHandler(int signal, nint handler);
}
