using System.Linq.Expressions;
using Azure;
using Azure.Data.Tables.Models;
using Azure.Data.Tables.Sas;

namespace Freeway.EmbeddedTables;

/// <content>What Freeway does not use: blocking calls, lists of tables, the service's properties and
/// signatures.</content>
internal sealed partial class EmbeddedTableServiceClient
{
    public override TableAccountSasBuilder GetSasBuilder(
        TableAccountSasPermissions permissions, TableAccountSasResourceTypes resourceTypes, DateTimeOffset expiresOn) =>
        throw Unsupported.Call();

    public override TableAccountSasBuilder GetSasBuilder(
        string rawPermissions, TableAccountSasResourceTypes resourceTypes, DateTimeOffset expiresOn) =>
        throw Unsupported.Call();

    public override AsyncPageable<TableItem> QueryAsync(
        string? filter = null, int? maxPerPage = null, CancellationToken cancellationToken = default) =>
        throw Unsupported.Call();

    public override Pageable<TableItem> Query(
        string? filter = null, int? maxPerPage = null, CancellationToken cancellationToken = default) =>
        throw Unsupported.Call();

    public override AsyncPageable<TableItem> QueryAsync(
        FormattableString filter, int? maxPerPage = null, CancellationToken cancellationToken = default) =>
        throw Unsupported.Call();

    public override Pageable<TableItem> Query(
        FormattableString filter, int? maxPerPage = null, CancellationToken cancellationToken = default) =>
        throw Unsupported.Call();

    public override AsyncPageable<TableItem> QueryAsync(
        Expression<Func<TableItem, bool>> filter,
        int? maxPerPage = null,
        CancellationToken cancellationToken = default) =>
        throw Unsupported.Call();

    public override Pageable<TableItem> Query(
        Expression<Func<TableItem, bool>> filter,
        int? maxPerPage = null,
        CancellationToken cancellationToken = default) =>
        throw Unsupported.Call();

    public override Response<TableItem> CreateTable(string tableName, CancellationToken cancellationToken = default) =>
        throw Unsupported.Call();

    public override Response<TableItem> CreateTableIfNotExists(
        string tableName, CancellationToken cancellationToken = default) =>
        throw Unsupported.Call();

    public override Response DeleteTable(string tableName, CancellationToken cancellationToken = default) =>
        throw Unsupported.Call();

    public override Response SetProperties(
        TableServiceProperties properties, CancellationToken cancellationToken = default) =>
        throw Unsupported.Call();

    public override Task<Response> SetPropertiesAsync(
        TableServiceProperties properties, CancellationToken cancellationToken = default) =>
        throw Unsupported.Call();

    public override Response<TableServiceProperties> GetProperties(CancellationToken cancellationToken = default) =>
        throw Unsupported.Call();

    public override Task<Response<TableServiceProperties>> GetPropertiesAsync(
        CancellationToken cancellationToken = default) =>
        throw Unsupported.Call();

    public override Task<Response<TableServiceStatistics>> GetStatisticsAsync(
        CancellationToken cancellationToken = default) =>
        throw Unsupported.Call();

    public override Response<TableServiceStatistics> GetStatistics(CancellationToken cancellationToken = default) =>
        throw Unsupported.Call();

    public override Uri GenerateSasUri(
        TableAccountSasPermissions permissions, TableAccountSasResourceTypes resourceTypes, DateTimeOffset expiresOn) =>
        throw Unsupported.Call();

    public override Uri GenerateSasUri(TableAccountSasBuilder builder) => throw Unsupported.Call();
}
