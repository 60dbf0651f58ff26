using System.Runtime.InteropServices;

namespace Freeway.FrontDoor.Tests.Clients;

/// <summary>The Node.js that the clients need: the one that npm has installed beside them, or where it has none for this machine that of the PATH.</summary>
public static class NodeBinary
{
    public static string In(string folder)
    {
        var system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "darwin" : "linux";
        var file = OperatingSystem.IsWindows() ? "node.exe" : "node";
        var path = Path.Combine(
            folder, "node_modules", $"node-{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}", "bin", file);
        return File.Exists(path) ? path : file;
    }
}
