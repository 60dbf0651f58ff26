using Azure;
using Azure.Data.Tables;
using Freeway.Adapters.Tables;
using Freeway.Gateway.Core;
using Freeway.Gateway.Notices;

namespace Freeway.Adapters.Notices;

/// <summary>Keeps notices in table <c>notices</c>, see <see cref="NoticeRows"/>.</summary>
public sealed class TableNoticeStore(StorageAccount account, OptimisticWrite write) : INoticeStore
{
    private const int MostInPage = 1000;
    private const int RowsAtOnce = 50;
    private const string Models = "Models";

    public Task<bool> AddAsync(Notice notice, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(notice);
        return write.RunAsync("keep a notice", async () =>
        {
            if (await FindAsync(NoticeRows.Key(notice), cancellation) is not null)
            {
                return false;
            }

            var table = await account.StrictAsync(account.Names.Notices, cancellation);
            await table.SubmitTransactionAsync(
            [
                new TableTransactionAction(TableTransactionActionType.Add, NoticeRows.Of(notice)),
                new TableTransactionAction(TableTransactionActionType.Add, NoticeRows.Wait(notice)),
            ], cancellation);
            return true;
        }, cancellation);
    }

    public Task<IReadOnlyList<Notice>> DueAsync(DateTimeOffset now, int most, CancellationToken cancellation) =>
        StorageFault.GuardAsync<IReadOnlyList<Notice>>("look for due notices", async () =>
        {
            var table = await account.PatientAsync(account.Names.Notices, cancellation);
            var filter = NoticeRows.Waiting() + TableClient.CreateQueryFilter($" and NextAt le {now}");
            var due = await table.QueryAsync<TableEntity>(filter, cancellationToken: cancellation)
                .Take(MostInPage).ToListAsync(cancellation);
            var first = due.OrderBy(row => row.GetDateTimeOffset(NoticeRows.NextAt)).Take(most);
            var rows = await Task.WhenAll(first.Select(row => FindAsync(NoticeRows.KeyOf(row.RowKey), cancellation)));
            return [.. rows.OfType<TableEntity>().Select(NoticeRows.Read).Where(notice => notice.NextAt <= now)];
        }, cancellation);

    public Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellation) =>
        StorageFault.GuardAsync("look for waiting notices", async () =>
        {
            var table = await account.PatientAsync(account.Names.Notices, cancellation);
            var waiting = await table.QueryAsync<TableEntity>(NoticeRows.Waiting(), cancellationToken: cancellation)
                .Take(MostInPage).ToListAsync(cancellation);
            return waiting.Min(row => row.GetDateTimeOffset(NoticeRows.NextAt));
        }, cancellation);

    public Task<Notice?> ChangeAsync(Notice notice, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(notice);
        return StorageFault.GuardAsync("change a notice", async () =>
        {
            var table = await account.StrictAsync(account.Names.Notices, cancellation);
            try
            {
                var responses = await table.SubmitTransactionAsync(
                [
                    new TableTransactionAction(
                        TableTransactionActionType.UpdateReplace, NoticeRows.Of(notice), new ETag(notice.ETag!)),
                    notice.Status is NoticeStatus.Waiting
                        ? new TableTransactionAction(TableTransactionActionType.UpsertReplace, NoticeRows.Wait(notice))
                        : new TableTransactionAction(TableTransactionActionType.Delete, NoticeRows.Wait(notice), ETag.All),
                ], cancellation);
                return notice with { ETag = responses.Value[0].Headers.ETag?.ToString() };
            }
            catch (Exception lost) when (StorageFault.Is(lost, cancellation, out var fault)
                && fault is { Kind: StorageFaultKind.Conflict or StorageFaultKind.Missing, TableIsMissing: false })
            {
                return null;
            }
        }, cancellation);
    }

    public Task<NoticePage> ListAsync(NoticeQuery query, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        return StorageFault.GuardAsync("read the notices", async () =>
        {
            var table = await account.PatientAsync(account.Names.Notices, cancellation);
            var filter = NoticeRows.Notices(query.After)
                + (query.Target is { } target ? TableClient.CreateQueryFilter($" and Target eq {target}") : "")
                + (query.Status is { } status ? TableClient.CreateQueryFilter($" and Status eq {status.WireName()}") : "");
            var rows = await table.QueryAsync<TableEntity>(
                filter, Math.Min(query.Limit + 1, MostInPage), cancellationToken: cancellation).Take(query.Limit + 1).ToListAsync(cancellation);
            var page = rows.Take(query.Limit).ToList();
            return new NoticePage(page.ConvertAll(NoticeRows.Read), rows.Count > query.Limit ? page[^1].RowKey : null);
        }, cancellation);
    }

    public Task PurgeAsync(DateTimeOffset before, CancellationToken cancellation) =>
        StorageFault.GuardAsync("purge old notices", async () =>
        {
            var table = await account.PatientAsync(account.Names.Notices, cancellation);
            while (await OldAsync(table, before, cancellation) is { Count: > 0 } old)
            {
                await table.SubmitTransactionAsync(old.SelectMany(Deletions), cancellation);
            }

            return true;
        }, cancellation);

    public Task<FreeModels?> ReadFreeModelsAsync(CancellationToken cancellation) =>
        StorageFault.GuardAsync("read the free models", async () =>
            await FindAsync(NoticeRows.FreeModels, cancellation) is { } row
                ? new FreeModels(LongText.Read(row, Models)!.Split('\n', StringSplitOptions.RemoveEmptyEntries), row.ETag.ToString())
                : null, cancellation);

    public Task<bool> KeepFreeModelsAsync(FreeModels models, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(models);
        return StorageFault.GuardAsync("keep the free models", async () =>
        {
            var table = await account.StrictAsync(account.Names.Notices, cancellation);
            var row = new TableEntity(NoticeRows.Partition, NoticeRows.FreeModels);
            LongText.Write(row, Models, string.Join('\n', models.Models));
            try
            {
                await (models.ETag is { } etag
                    ? table.UpdateEntityAsync(row, new ETag(etag), TableUpdateMode.Replace, cancellation)
                    : table.AddEntityAsync(row, cancellation));
                return true;
            }
            catch (Exception lost) when (StorageFault.Is(lost, cancellation, out var fault)
                && fault is { Kind: StorageFaultKind.Conflict })
            {
                return false;
            }
        }, cancellation);
    }

    private async Task<TableEntity?> FindAsync(string key, CancellationToken cancellation)
    {
        var table = await account.PatientAsync(account.Names.Notices, cancellation);
        var found = await table.GetEntityIfExistsAsync<TableEntity>(
            NoticeRows.Partition, key, cancellationToken: cancellation);
        return found.HasValue ? found.Value : null;
    }

    private static Task<List<TableEntity>> OldAsync(TableClient table, DateTimeOffset before, CancellationToken cancellation) =>
        table.QueryAsync<TableEntity>(NoticeRows.NoticesBefore(before), RowsAtOnce, cancellationToken: cancellation)
            .Take(RowsAtOnce).ToListAsync(cancellation).AsTask();

    private static IEnumerable<TableTransactionAction> Deletions(TableEntity row)
    {
        var notice = NoticeRows.Read(row);
        yield return new TableTransactionAction(TableTransactionActionType.Delete, row, row.ETag);
        if (notice.Status is NoticeStatus.Waiting)
        {
            yield return new TableTransactionAction(TableTransactionActionType.Delete, NoticeRows.Wait(notice), ETag.All);
        }
    }
}
