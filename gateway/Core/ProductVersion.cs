using System.Reflection;

namespace Freeway.Gateway.Core;

/// <summary>The version of Freeway, which <c>Directory.Build.props</c> declares for all assemblies.</summary>
public static class ProductVersion
{
    /// <summary>A semantic version, e.g. <c>0.9.0</c>.</summary>
    public static string Current { get; } =
        typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
