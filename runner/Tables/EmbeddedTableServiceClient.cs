using Azure;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace Freeway.EmbeddedTables;

/// <summary>The service's client over a <see cref="TableDatabase"/>. What it does not support says so.</summary>
internal sealed partial class EmbeddedTableServiceClient(TableDatabase database, HttpPipeline pipeline)
    : TableServiceClient
{
    private static readonly Uri Address = new("http://embedded.invalid/tables");

    public override string AccountName => "embedded";

    public override Uri Uri => Address;

    public override TableClient GetTableClient(string tableName) =>
        new EmbeddedTableClient(database, pipeline, Address, tableName);

    public override Task<Response<TableItem>> CreateTableAsync(
        string tableName, CancellationToken cancellationToken = default) =>
        GetTableClient(tableName).CreateAsync(cancellationToken);

    public override Task<Response<TableItem>> CreateTableIfNotExistsAsync(
        string tableName, CancellationToken cancellationToken = default) =>
        GetTableClient(tableName).CreateIfNotExistsAsync(cancellationToken);

    public override Task<Response> DeleteTableAsync(string tableName, CancellationToken cancellationToken = default) =>
        GetTableClient(tableName).DeleteAsync(cancellationToken);
}
