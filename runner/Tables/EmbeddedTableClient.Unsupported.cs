using System.Linq.Expressions;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using Azure.Data.Tables.Sas;

namespace Freeway.EmbeddedTables;

/// <content>What Freeway does not use: blocking calls, access policies and signatures.</content>
internal sealed partial class EmbeddedTableClient
{
    public override Response<TableItem> Create(CancellationToken cancellationToken = default) =>
        throw Unsupported.Call();

    public override Response<TableItem> CreateIfNotExists(CancellationToken cancellationToken = default) =>
        throw Unsupported.Call();

    public override Response Delete(CancellationToken cancellationToken = default) => throw Unsupported.Call();

    public override Response AddEntity<T>(T entity, CancellationToken cancellationToken = default) =>
        throw Unsupported.Call();

    public override Response<T> GetEntity<T>(
        string partitionKey,
        string rowKey,
        IEnumerable<string>? select = null,
        CancellationToken cancellationToken = default) =>
        throw Unsupported.Call();

    public override NullableResponse<T> GetEntityIfExists<T>(
        string partitionKey,
        string rowKey,
        IEnumerable<string>? select = null,
        CancellationToken cancellationToken = default) =>
        throw Unsupported.Call();

    public override Response UpsertEntity<T>(
        T entity, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default) =>
        throw Unsupported.Call();

    public override Response UpdateEntity<T>(
        T entity,
        ETag ifMatch,
        TableUpdateMode mode = TableUpdateMode.Merge,
        CancellationToken cancellationToken = default) =>
        throw Unsupported.Call();

    public override Pageable<T> Query<T>(
        Expression<Func<T, bool>> filter,
        int? maxPerPage = null,
        IEnumerable<string>? select = null,
        CancellationToken cancellationToken = default) => throw Unsupported.Call();

    public override Pageable<T> Query<T>(
        string? filter = null,
        int? maxPerPage = null,
        IEnumerable<string>? select = null,
        CancellationToken cancellationToken = default) =>
        throw Unsupported.Call();

    public override Response DeleteEntity(
        string partitionKey, string rowKey, ETag ifMatch = default, CancellationToken cancellationToken = default) =>
        throw Unsupported.Call();

    public override Response DeleteEntity(
        ITableEntity entity, ETag ifMatch = default, CancellationToken cancellationToken = default) =>
        throw Unsupported.Call();

    public override Response<IReadOnlyList<Response>> SubmitTransaction(
        IEnumerable<TableTransactionAction> transactionActions, CancellationToken cancellationToken = default) =>
        throw Unsupported.Call();

    public override Task<Response<IReadOnlyList<TableSignedIdentifier>>> GetAccessPoliciesAsync(
        CancellationToken cancellationToken = default) =>
        throw Unsupported.Call();

    public override Response<IReadOnlyList<TableSignedIdentifier>> GetAccessPolicies(
        CancellationToken cancellationToken = default) =>
        throw Unsupported.Call();

    public override Task<Response> SetAccessPolicyAsync(
        IEnumerable<TableSignedIdentifier> tableAcl, CancellationToken cancellationToken = default) =>
        throw Unsupported.Call();

    public override Response SetAccessPolicy(
        IEnumerable<TableSignedIdentifier> tableAcl, CancellationToken cancellationToken = default) =>
        throw Unsupported.Call();

    public override TableSasBuilder GetSasBuilder(TableSasPermissions permissions, DateTimeOffset expiresOn) =>
        throw Unsupported.Call();

    public override TableSasBuilder GetSasBuilder(string rawPermissions, DateTimeOffset expiresOn) =>
        throw Unsupported.Call();

    public override Uri GenerateSasUri(TableSasPermissions permissions, DateTimeOffset expiresOn) =>
        throw Unsupported.Call();

    public override Uri GenerateSasUri(TableSasBuilder builder) => throw Unsupported.Call();
}

/// <summary>The one answer to calls that the embedded tables do not have.</summary>
internal static class Unsupported
{
    public static NotSupportedException Call([System.Runtime.CompilerServices.CallerMemberName] string method = "") =>
        new($"Embedded tables do not support {method}: they have what Freeway uses, asynchronously.");
}
