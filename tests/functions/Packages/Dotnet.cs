using System.Diagnostics;
using System.Reflection;

namespace Freeway.Functions.Tests.Packages;

/// <summary>Commands of the .NET SDK, cut off from the build that the tests run in.</summary>
internal static class Dotnet
{
    /// <param name="packages">
    /// The folder for packages that the command downloads. Those that the tests were built with are read where they are,
    /// so that the command downloads none of them anew.
    /// </param>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        string folder, string packages, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [.. arguments, "--nologo", "--disable-build-servers"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(IsOfSurroundingBuild).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["NUGET_PACKAGES"] = packages;
        start.Environment["NUGET_FALLBACK_PACKAGES"] = PackagesOfThisBuild();
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await errors);
    }

    private static string PackagesOfThisBuild() => typeof(Dotnet).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(written => written.Key is "NuGetPackageRoot").Value!;

    private static bool IsOfSurroundingBuild(string name) =>
        name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) || name is "CI" or "DOTNET_HOST_PATH";
}
