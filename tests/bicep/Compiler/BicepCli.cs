using System.Reflection;
using Xunit.Abstractions;

namespace Freeway.Bicep.Tests.Compiler;

/// <summary>The Bicep compiler of this machine: the NuGet package, or what <c>BICEP_PATH</c> names.</summary>
internal static class BicepCli
{
    /// <summary>Path of the program; null where there is none.</summary>
    public static string? Program { get; } =
        Existing(Environment.GetEnvironmentVariable("BICEP_PATH")) ?? Existing(Packaged);

    private static string? Packaged => typeof(BicepCli).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key is "BicepProgram").Value;

    /// <summary>Whether there is a compiler. Without one a test says that it checks nothing; on CI it fails.</summary>
    public static bool IsHere(ITestOutputHelper output)
    {
        if (Program is not null)
        {
            return true;
        }

        const string Missing = "NOT CHECKED: no Bicep compiler is here. Set BICEP_PATH to the path of a bicep program.";
        output.WriteLine(Missing);
        Environment.GetEnvironmentVariable("CI").ShouldBeNullOrEmpty(Missing);
        return false;
    }

    private static string? Existing(string? path) => File.Exists(path) ? path : null;
}
