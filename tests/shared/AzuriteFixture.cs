using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Freeway.Adapters.Tables;

namespace Freeway.Tests.Shared;

/// <summary>
/// Storage accounts on the shared Azurite, for use as a class fixture. Each has table names of its own.
/// </summary>
public sealed class AzuriteFixture : TablesFixture, IAsyncLifetime
{
    public string Connection { get; private set; } = "";

    public async Task InitializeAsync() => Connection = await AzuriteProcess.ConnectionAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    public override TableServiceClient Connect(
        Func<HttpPipelineTransport?, TableClientOptions> profile, HttpPipelineTransport? transport = null) =>
        new(Connection, profile(transport));
}
