using System.Globalization;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Freeway.Adapters.Tables;

namespace Freeway.Tests.Shared;

/// <summary>Storage accounts on one kind of tables. Each has table names of its own.</summary>
public abstract class TablesFixture
{
    private static int _accounts;

    /// <summary>Table names that nobody else in this process uses.</summary>
    public static TableNames NewNames() =>
        new("t" + Interlocked.Increment(ref _accounts).ToString(CultureInfo.InvariantCulture) + "x");

    /// <param name="profile">The client's patience, e.g. <see cref="TableProfiles.Strict"/>.</param>
    /// <param name="transport">E.g. a <see cref="FaultyTransport"/>.</param>
    public abstract TableServiceClient Connect(
        Func<HttpPipelineTransport?, TableClientOptions> profile, HttpPipelineTransport? transport = null);

    /// <param name="names">Those of another account to share its tables; else new ones.</param>
    /// <param name="transport">E.g. a <see cref="FaultyTransport"/>.</param>
    public StorageAccount Account(TableNames? names = null, HttpPipelineTransport? transport = null) =>
        new(Connect(TableProfiles.Strict, transport), Connect(TableProfiles.Patient, transport), names ?? NewNames());
}
