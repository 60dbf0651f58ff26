using System.Globalization;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Freeway.Adapters.Tables;

namespace Freeway.Tests.Shared;

/// <summary>Storage accounts on the shared Azurite, for use as a class fixture. Each has table names of its own.</summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    private static int _accounts;

    public string Connection { get; private set; } = "";

    public async Task InitializeAsync() => Connection = await AzuriteProcess.ConnectionAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    /// <summary>Table names that nobody else in this process uses.</summary>
    public static TableNames NewNames() =>
        new("t" + Interlocked.Increment(ref _accounts).ToString(CultureInfo.InvariantCulture) + "x");

    /// <param name="names">Those of another account to share its tables; else new ones.</param>
    /// <param name="transport">E.g. a <see cref="FaultyTransport"/>.</param>
    public StorageAccount Account(TableNames? names = null, HttpPipelineTransport? transport = null) => new(
        new TableServiceClient(Connection, TableProfiles.Strict(transport)),
        new TableServiceClient(Connection, TableProfiles.Patient(transport)),
        names ?? NewNames());
}
