using System.ComponentModel;
using System.Diagnostics;

namespace Freeway.Runner.Local;

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
