using Azure;
using Azure.Data.Tables;
using Freeway.Adapters.Tables;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;

namespace Freeway.Adapters.Identity;

/// <summary>
/// Documents on Table Storage, in the table of the keys. A change is one transaction of document, audit record and
/// command.
/// </summary>
/// <remarks>
/// How a try without an answer is judged: the same transaction, with the same audit id, is sent again. If the first one
/// is in, or lands meanwhile, the second is refused because its audit row is there, and that row proves it. If the
/// second is refused because the document has moved or the command's row is there, the first would be refused for the
/// same reason whenever it lands.
/// </remarks>
public sealed class TableDocumentStore(StorageAccount storage, Backoff backoff) : IDocumentStore
{
    private const string Purpose = "change a document";

    public async Task<Document?> FindAsync(Subject subject, CancellationToken cancellation)
    {
        try
        {
            return await StorageFault.GuardAsync("read a document", async () =>
                await RowAsync(subject.Kind, DocumentRows.Key(subject), cancellation) is { } row ? DocumentRows.Document(row) : null, cancellation);
        }
        catch (TableKeyTooLongException)
        {
            // Nothing of such an id was ever kept.
            return null;
        }
    }

    public Task<CompletedCommand?> FindOnceAsync(SubjectKind kind, string key, CancellationToken cancellation) => StorageFault.GuardAsync("look for a command", async () =>
        await RowAsync(kind, DocumentRows.OnceKey(key), cancellation) is { } row ? DocumentRows.Repeated(row) : null, cancellation);

    public Task<IReadOnlyList<Document>> ListAsync(SubjectKind kind, string? org, string? after, int limit, CancellationToken cancellation)
    {
        string[] parts = org is null ? [DocumentRows.Doc] : [DocumentRows.Doc, org];
        var (from, until) = (after is null ? TableKey.From(parts) : TableKey.Join([.. parts, after]), TableKey.Until(parts));
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {kind.WireName()} and RowKey gt {from} and RowKey lt {until}");
        return StorageFault.GuardAsync<IReadOnlyList<Document>>("list documents", async () =>
        {
            var table = await storage.PatientAsync(storage.Names.Keys, cancellation);
            return await table.QueryAsync<TableEntity>(filter, limit, cancellationToken: cancellation).Take(limit).Select(DocumentRows.Document).ToListAsync(cancellation);
        }, cancellation);
    }

    public async Task<DocumentChangeOutcome> ApplyAsync(DocumentChange change, CancellationToken cancellation)
    {
        var actions = Actions(change).ToList();
        for (var outages = 0; ;)
        {
            try
            {
                // A try without an answer may well have gone through: a look is more certain to be answered than
                // another try.
                return outages > 0 && await IsInAsync(change, cancellation) ? new DocumentChangeOutcome.Applied() : await TryAsync(change, actions, cancellation);
            }
            catch (Exception error) when (StorageFault.Is(error, cancellation, out var fault))
            {
                if (fault.Kind is not StorageFaultKind.Unknown || outages == OptimisticWrite.MostOutages)
                {
                    throw fault.Outage(Purpose, error);
                }

                await backoff.AfterOutageAsync(++outages, cancellation);
            }
        }
    }

    private async Task<DocumentChangeOutcome> TryAsync(DocumentChange change, List<TableTransactionAction> actions, CancellationToken cancellation)
    {
        var table = await storage.StrictAsync(storage.Names.Keys, cancellation);
        try
        {
            await table.SubmitTransactionAsync(actions, cancellation);
            return new DocumentChangeOutcome.Applied();
        }
        catch (Exception error) when (StorageFault.Is(error, cancellation, out var fault)
            && fault.Kind is StorageFaultKind.Conflict or StorageFaultKind.Missing && !fault.TableIsMissing)
        {
            return await JudgeAsync(change, cancellation);
        }
    }

    /// <summary>
    /// Finds out why a change was refused: by its own earlier try, by an earlier try of the command, or by another's
    /// change.
    /// </summary>
    private async Task<DocumentChangeOutcome> JudgeAsync(DocumentChange change, CancellationToken cancellation)
    {
        var kind = change.Audit.Subject.Kind;
        return await IsInAsync(change, cancellation) ? new DocumentChangeOutcome.Applied()
            : change.Once is { } once && await RowAsync(kind, DocumentRows.OnceKey(once.Key), cancellation) is { } first ? new DocumentChangeOutcome.Repeated(DocumentRows.Repeated(first))
            : new DocumentChangeOutcome.Lost();
    }

    private async Task<bool> IsInAsync(DocumentChange change, CancellationToken cancellation) =>
        await RowAsync(change.Audit.Subject.Kind, DocumentRows.Key(AuditPosition.Of(change.Audit)), cancellation) is not null;

    private static IEnumerable<TableTransactionAction> Actions(DocumentChange change)
    {
        if (change.Json is not null)
        {
            yield return change.Was is { } was
                ? new(TableTransactionActionType.UpdateReplace, DocumentRows.OfDocument(change), new ETag(was.Tag ?? throw new ArgumentException("A document that was not read from the store cannot be changed.", nameof(change))))
                : new(TableTransactionActionType.Add, DocumentRows.OfDocument(change));
        }

        yield return new(TableTransactionActionType.Add, DocumentRows.OfAudit(change.Audit));
        if (change.Once is { } once)
        {
            yield return new(TableTransactionActionType.Add, DocumentRows.OfOnce(once, change.Audit));
        }
    }

    private async Task<TableEntity?> RowAsync(SubjectKind kind, string row, CancellationToken cancellation)
    {
        var table = await storage.PatientAsync(storage.Names.Keys, cancellation);
        var found = await table.GetEntityIfExistsAsync<TableEntity>(kind.WireName(), row, cancellationToken: cancellation);
        return found.HasValue ? found.Value : null;
    }
}
