namespace Freeway.Functions.Tests.Packages;

/// <summary>A package with the id of the Service Bus extension and nothing in it, packed once for all tests.</summary>
public sealed class PackedExtension : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("freeway-extension-");

    public async Task InitializeAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, RepositoryCopy.Extension + ".csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <Version>{RepositoryCopy.Version}</Version>
              </PropertyGroup>
            </Project>
            """);
        var packages = Path.Combine(_folder.FullName, "packages");
        var packed = await Dotnet.RunAsync(_folder.FullName, packages, "pack", "--output", "packed");
        packed.ExitCode.ShouldBe(0, packed.Output);
    }

    /// <param name="source">A folder, which is made where it is absent.</param>
    internal void CopyTo(string source)
    {
        Directory.CreateDirectory(source);
        foreach (var package in Directory.EnumerateFiles(Path.Combine(_folder.FullName, "packed")))
        {
            File.Copy(package, Path.Combine(source, Path.GetFileName(package)));
        }
    }

    public Task DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return Task.CompletedTask;
    }
}
