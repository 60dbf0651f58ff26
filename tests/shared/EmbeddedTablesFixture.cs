using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Freeway.EmbeddedTables;

namespace Freeway.Tests.Shared;

/// <summary>Storage accounts on embedded tables in a file of their own, which goes with the fixture.</summary>
public sealed class EmbeddedTablesFixture : TablesFixture, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("freeway-tables-");
    private readonly TableDatabase _database;

    public EmbeddedTablesFixture() => _database = TableDatabase.Open(
        new TableDatabaseOptions(Path.Combine(_folder.FullName, "tables.db")) { NeverSyncs = true });

    public override TableServiceClient Connect(
        Func<HttpPipelineTransport?, TableClientOptions> profile, HttpPipelineTransport? transport = null) =>
        _database.Connect(profile, transport);

    public void Dispose()
    {
        _database.Dispose();
        _folder.Delete(recursive: true);
    }
}
