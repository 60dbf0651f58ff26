using Azure.Data.Tables;
using Freeway.Adapters.Tables;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;

namespace Freeway.Adapters.Identity;

/// <summary>Reads the audit: the kinds' partitions, each newest first, merged by time.</summary>
public sealed class TableAuditLog(StorageAccount storage) : IAuditLog
{
    /// <summary>The service refuses a page of more; Azurite does not.</summary>
    private const int MostInPage = 1000;

    public async Task<AuditPage> ListAsync(AuditQuery query, CancellationToken cancellation)
    {
        var lists = await Task.WhenAll((query.Kind is { } one ? [one] : Enum.GetValues<SubjectKind>()).Select(kind => ReadAsync(kind, query, cancellation)));
        var rows = lists.SelectMany(list => list).OrderBy(row => row.RowKey, StringComparer.Ordinal).Take(query.Limit + 1).ToList();
        var records = rows.Take(query.Limit).Select(DocumentRows.Record).ToList();
        return new AuditPage(records, rows.Count > query.Limit ? AuditPosition.Of(records[^1]) : null);
    }

    /// <summary>One more than is wanted, which tells whether there is a next page.</summary>
    private Task<List<TableEntity>> ReadAsync(SubjectKind kind, AuditQuery query, CancellationToken cancellation) => StorageFault.GuardAsync("read the audit", async () =>
    {
        var table = await storage.PatientAsync(storage.Names.Keys, cancellation);
        var wanted = query.Limit + 1;
        return await table.QueryAsync<TableEntity>(Filter(kind, query), Math.Min(wanted, MostInPage), cancellationToken: cancellation)
            .Take(wanted).ToListAsync(cancellation);
    }, cancellation);

    private static string Filter(SubjectKind kind, AuditQuery query)
    {
        var after = query.After is { } position ? DocumentRows.Key(position) : TableKey.From(DocumentRows.Audit);
        // A later time has a smaller key. What is not before `to` is left out, that moment itself included.
        if (query.To is { } to && TableKey.Until(DocumentRows.Audit, DocumentRows.From(to)) is var latest && string.CompareOrdinal(latest, after) > 0)
        {
            after = latest;
        }

        var until = query.From is { } from ? TableKey.Until(DocumentRows.Audit, DocumentRows.From(from)) : TableKey.Until(DocumentRows.Audit);
        string?[] parts =
        [
            TableClient.CreateQueryFilter($"PartitionKey eq {kind.WireName()} and RowKey gt {after} and RowKey lt {until}"),
            query.Id is { } id ? TableClient.CreateQueryFilter($"SubjectId eq {id}") : null,
            query.Org is { } org ? TableClient.CreateQueryFilter($"SubjectOrg eq {org}") : null,
            query.By is { } by ? TableClient.CreateQueryFilter($"By eq {by}") : null,
        ];
        return string.Join(" and ", parts.OfType<string>());
    }
}
