using System.Linq.Expressions;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace Freeway.EmbeddedTables;

/// <summary>A table's client over a <see cref="TableDatabase"/>. What it does not support says so.</summary>
internal sealed partial class EmbeddedTableClient(
    TableDatabase database, HttpPipeline pipeline, Uri service, string table) : TableClient
{
    private const int NotFound = 404;

    private readonly Uri _uri = new($"{service}/{table}");
    private readonly Uri _batch = new($"{service}/$batch");

    public override string Name => table;

    public override string AccountName => "embedded";

    public override Uri Uri => _uri;

    public override async Task<Response<TableItem>> CreateAsync(CancellationToken cancellationToken = default)
    {
        var call = new TableCall(cancellation => database.CreateAsync(table, cancellation));
        var response = await SendAsync(RequestMethod.Post, new Uri($"{service}/Tables"), null, call, cancellationToken);
        return Response.FromValue(new TableItem(table), Succeeded(response));
    }

    public override async Task<Response<TableItem>> CreateIfNotExistsAsync(
        CancellationToken cancellationToken = default)
    {
        try
        {
            return await CreateAsync(cancellationToken);
        }
        catch (RequestFailedException there) when (there.ErrorCode == TableError.TableAlreadyExists.Code)
        {
            return Response.FromValue(new TableItem(table), there.GetRawResponse()!);
        }
    }

    public override async Task<Response> DeleteAsync(CancellationToken cancellationToken = default)
    {
        var call = new TableCall(cancellation => database.DropAsync(table, cancellation));
        var response = await SendAsync(
            RequestMethod.Delete, new Uri($"{service}/Tables('{table}')"), null, call, cancellationToken);
        return response.Status is NotFound ? response : Succeeded(response);
    }

    public override Task<Response> AddEntityAsync<T>(T entity, CancellationToken cancellationToken = default) =>
        WriteAsync(TableTransactionActionType.Add, entity, ETag.All, cancellationToken);

    public override Task<Response> UpsertEntityAsync<T>(
        T entity, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default)
    {
        var kind = mode is TableUpdateMode.Merge
            ? TableTransactionActionType.UpsertMerge
            : TableTransactionActionType.UpsertReplace;
        return WriteAsync(kind, entity, ETag.All, cancellationToken);
    }

    public override Task<Response> UpdateEntityAsync<T>(
        T entity,
        ETag ifMatch,
        TableUpdateMode mode = TableUpdateMode.Merge,
        CancellationToken cancellationToken = default)
    {
        var kind = mode is TableUpdateMode.Merge
            ? TableTransactionActionType.UpdateMerge
            : TableTransactionActionType.UpdateReplace;
        return WriteAsync(kind, entity, ifMatch, cancellationToken);
    }

    public override async Task<Response> DeleteEntityAsync(
        string partitionKey, string rowKey, ETag ifMatch = default, CancellationToken cancellationToken = default)
    {
        var condition = ifMatch == default ? ETag.All : ifMatch;
        var action = TableAction.Of(
            TableTransactionActionType.Delete, new TableEntity(partitionKey, rowKey), condition);
        var response = await SendAsync(
            RequestMethod.Delete, _uri, Path(partitionKey, rowKey), WriteCall([action], false), cancellationToken);
        return response.Status is NotFound ? response : Succeeded(response);
    }

    public override Task<Response> DeleteEntityAsync(
        ITableEntity entity, ETag ifMatch = default, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entity);
        return DeleteEntityAsync(entity.PartitionKey, entity.RowKey, ifMatch, cancellationToken);
    }

    public override async Task<Response<T>> GetEntityAsync<T>(
        string partitionKey,
        string rowKey,
        IEnumerable<string>? select = null,
        CancellationToken cancellationToken = default)
    {
        var response = Succeeded(await FindAsync(partitionKey, rowKey, select, cancellationToken));
        return Response.FromValue(As<T>(response.Value!), response);
    }

    public override async Task<NullableResponse<T>> GetEntityIfExistsAsync<T>(
        string partitionKey,
        string rowKey,
        IEnumerable<string>? select = null,
        CancellationToken cancellationToken = default)
    {
        var response = await FindAsync(partitionKey, rowKey, select, cancellationToken);
        if (response.Status is NotFound)
        {
            return new NoEntity<T>(response);
        }

        var found = Succeeded(response);
        return Response.FromValue(As<T>(found.Value!), found);
    }

    public override AsyncPageable<T> QueryAsync<T>(
        string? filter = null,
        int? maxPerPage = null,
        IEnumerable<string>? select = null,
        CancellationToken cancellationToken = default) =>
        new Pages<T>(this, filter, maxPerPage, Names(select), cancellationToken);

    public override AsyncPageable<T> QueryAsync<T>(
        Expression<Func<T, bool>> filter,
        int? maxPerPage = null,
        IEnumerable<string>? select = null,
        CancellationToken cancellationToken = default) =>
        QueryAsync<T>(CreateQueryFilter(filter), maxPerPage, select, cancellationToken);

    public override async Task<Response<IReadOnlyList<Response>>> SubmitTransactionAsync(
        IEnumerable<TableTransactionAction> transactionActions, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transactionActions);
        var actions = transactionActions
            .Select(action => TableAction.Of(action.ActionType, action.Entity, Condition(action))).ToList();
        if (actions.Count is 0)
        {
            throw new InvalidOperationException("The batch contains no entity operations.");
        }

        var response = await SendAsync(
            RequestMethod.Post,
            _batch,
            null,
            WriteCall(actions, isTransaction: true),
            cancellationToken);
        if (response is not TableResponse { Error: null } done)
        {
            throw new TableTransactionFailedException(TableResponse.Failure(response));
        }

        return Response.FromValue<IReadOnlyList<Response>>((TableResponse[])done.Value!, done);
    }

    private static ETag Condition(TableTransactionAction action) => action.ETag == default ? ETag.All : action.ETag;

    private async Task<Response> WriteAsync(
        TableTransactionActionType kind, ITableEntity entity, ETag ifMatch, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(entity);
        var action = TableAction.Of(kind, entity, ifMatch);
        var method = kind is TableTransactionActionType.Add ? RequestMethod.Post : RequestMethod.Put;
        var path = kind is TableTransactionActionType.Add ? null : Path(entity.PartitionKey, entity.RowKey);
        return Succeeded(await SendAsync(method, _uri, path, WriteCall([action], isTransaction: false), cancellation));
    }

    private TableCall WriteCall(IReadOnlyList<TableAction> actions, bool isTransaction) => new(
        cancellation => database.WriteAsync(table, actions, isTransaction, cancellation),
        () => string.Concat(actions.Select(action => action.Text(_uri))));

    private Task<Response> FindAsync(
        string partition, string row, IEnumerable<string>? select, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(partition);
        ArgumentNullException.ThrowIfNull(row);
        var names = Names(select);
        var call = new TableCall(_ => ValueTask.FromResult(database.Find(table, partition, row, names)));
        return SendAsync(RequestMethod.Get, _uri, Path(partition, row), call, cancellation);
    }

    private async Task<Response> SendAsync(
        RequestMethod method, Uri uri, string? path, TableCall call, CancellationToken cancellation)
    {
        using var message = pipeline.CreateMessage();
        message.Request.Method = method;
        message.Request.Uri.Reset(uri);
        if (path is not null)
        {
            message.Request.Uri.AppendPath(path, escape: false);
        }

        message.Request.Content = call;
        await pipeline.SendAsync(message, cancellation);
        // The message is ours alone, and disposing of a response here lets go of nothing.
        return message.Response;
    }

    private static TableResponse Succeeded(Response response) => response switch
    {
        TableResponse { Error: null } done => done,
        _ => throw TableResponse.Failure(response),
    };

    private static string Path(string partition, string row) =>
        $"(PartitionKey='{Uri.EscapeDataString(partition)}',RowKey='{Uri.EscapeDataString(row)}')";

    private static HashSet<string>? Names(IEnumerable<string>? select) => select?.ToHashSet(StringComparer.Ordinal);

    private static T As<T>(object entity) => entity is T wanted
        ? wanted
        : throw new NotSupportedException($"Embedded tables hold TableEntity, not {typeof(T)}.");

    /// <summary>A query, each page of which is one call.</summary>
    private sealed class Pages<T>(
        EmbeddedTableClient client, string? filter, int? most, HashSet<string>? select, CancellationToken cancellation)
        : AsyncPageable<T>(cancellation)
        where T : notnull
    {
        public override async IAsyncEnumerable<Page<T>> AsPages(
            string? continuationToken = null, int? pageSizeHint = null)
        {
            var token = continuationToken;
            do
            {
                var page = await PageAsync(token, pageSizeHint ?? most);
                token = page.ContinuationToken;
                yield return page;
            }
            while (token is not null);
        }

        private async Task<Page<T>> PageAsync(string? token, int? size)
        {
            var call = new TableCall(stop => ValueTask.FromResult(
                client.Database.Page(client.Name, filter, token, size, select, stop)));
            var path = filter is null ? "()" : $"()?$filter={Uri.EscapeDataString(filter)}";
            var response = Succeeded(
                await client.SendAsync(RequestMethod.Get, new Uri(client.Uri + path), null, call, CancellationToken));
            var page = (TablePage)response.Value!;
            return Page<T>.FromValues(
                [.. page.Entities.Select(entity => As<T>(entity))], page.Next?.ToString(), response);
        }
    }

    private TableDatabase Database => database;

    /// <summary>The answer to a look for an entity that is not there.</summary>
    private sealed class NoEntity<T>(Response response) : NullableResponse<T>
    {
        public override bool HasValue => false;

        public override T Value => throw new InvalidOperationException("There is no such entity.");

        public override Response GetRawResponse() => response;
    }
}
