using Freeway.Bicep.Tests.Compiler;
using Freeway.Tests.Shared;

namespace Freeway.Bicep.Tests;

/// <summary>One compiler for the tests that look at the Bicep as it is.</summary>
[CollectionDefinition(nameof(SharedCompiler))]
public sealed class SharedCompiler : ICollectionFixture<SharedCompiler>, IAsyncLifetime
{
    private BicepCompiler? _compiler;

    /// <summary>Only a test for which <see cref="BicepCli.IsHere"/> may ask for it.</summary>
    internal BicepCompiler Compiler => _compiler ??= BicepCompiler.Start();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_compiler is not null)
        {
            await _compiler.DisposeAsync();
        }
    }

    /// <summary>The app's settings as a deployment with <c>main.bicepparam</c> sets them.</summary>
    /// <returns>What Azure alone knows is <see cref="ArmExpression.Unknown"/> in the values.</returns>
    internal async Task<IReadOnlyDictionary<string, string>> SettingsAsync()
    {
        var deployment = await Compiler.DeployAsync(Path.Combine(RepositoryFolder.Root, "bicep", "main.bicepparam"));
        return deployment.Settings.ToDictionary(
            setting => setting.Key,
            setting => ArmExpression.Readable(setting.Value));
    }
}
