using System.Runtime.InteropServices;

namespace Freeway.Processes.Tests.Support;

/// <summary>Signals as a terminal sends them.</summary>
internal static partial class Signals
{
    private const int SigInt = 2;

    public static void Interrupt(int process)
    {
        if (Send(process, SigInt) is not 0)
        {
            throw new InvalidOperationException($"Process {process} takes no signal: error {Marshal.GetLastPInvokeError()}.");
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int Send(int process, int signal);
}
