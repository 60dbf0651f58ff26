using Freeway.Gateway.Ledger;
using Freeway.Tests.Shared.Ledger;
using Freeway.Tests.Simulation.Scheduling;

namespace Freeway.Tests.Simulation.Ports;

/// <summary>One process's way to the ledger's table, over the network.</summary>
public sealed class SimLedgerStore(Network network, SimProcess process, InMemoryLedgerStore table, EmbeddedDisk disk) : ILedgerStore
{
    public Task<IReadOnlyList<QuotaRow>> ReadQuotasAsync(string org, IReadOnlyCollection<QuotaKey> keys, CancellationToken cancellation) =>
        network.ToTableAsync(process, $"read {keys.Count} quotas of {org}", () => table.ReadQuotasAsync(org, keys, default), cancellation);

    public Task<IReadOnlyList<ExpiredQuota>> ListExpiredAsync(
        string org, DateTimeOffset before, QuotaKey? after, int most, CancellationToken cancellation) =>
        network.ToTableAsync(
            process, $"list expired quotas of {org}", () => table.ListExpiredAsync(org, before, after, most, default), cancellation);

    public Task<IReadOnlyList<QuotaRow>> ListQuotasAsync(string org, CancellationToken cancellation) =>
        network.ToTableAsync(process, $"list quotas of {org}", () => table.ListQuotasAsync(org, default), cancellation);

    public Task<IReadOnlyList<RequestRow>> ReadRequestsAsync(
        string org, string instance, long first, long last, CancellationToken cancellation) =>
        network.ToTableAsync(process, $"read requests of {org}/{instance}", () => table.ReadRequestsAsync(org, instance, first, last, default), cancellation);

    public Task<IReadOnlyList<RequestRow>> ListRequestsAsync(string org, CancellationToken cancellation) =>
        network.ToTableAsync(process, $"list requests of {org}", () => table.ListRequestsAsync(org, default), cancellation);

    public Task<IdempotencyRow?> FindIdempotencyRowAsync(string org, IdempotencyKey key, CancellationToken cancellation) =>
        network.ToTableAsync(process, $"find repeat of {org}", () => table.FindIdempotencyRowAsync(org, key, default), cancellation);

    public Task<IReadOnlyList<IdempotencyRow>> ListIdempotencyRowsAsync(string org, DateTimeOffset before, CancellationToken cancellation) =>
        network.ToTableAsync(process, $"list repeats of {org}", () => table.ListIdempotencyRowsAsync(org, before, default), cancellation);

    public Task<Purchase?> FindPurchaseAsync(string org, string id, CancellationToken cancellation) =>
        network.ToTableAsync(process, $"find purchase {id} of {org}", () => table.FindPurchaseAsync(org, id, default), cancellation);

    public Task<IReadOnlyList<Purchase>> ListPurchasesAsync(string org, CancellationToken cancellation) =>
        network.ToTableAsync(process, $"list purchases of {org}", () => table.ListPurchasesAsync(org, default), cancellation);

    public async Task<CommitOutcome> CommitAsync(string org, IReadOnlyList<LedgerWrite> writes, CancellationToken cancellation)
    {
        try
        {
            disk.Ask(org);
            var answer = network.WriteAsync(
                process, $"commit of {process.Name} for {org}: {Describe(writes)}",
                () => table.CommitAsync(org, writes, default).GetAwaiter().GetResult());
            network.Sent?.Invoke(process);
            return await answer;
        }
        catch (NeverSentException)
        {
            return CommitOutcome.NotSent;
        }
        catch (IOException)
        {
            return CommitOutcome.Unknown;
        }
    }

    private static string Describe(IReadOnlyList<LedgerWrite> writes) => string.Join(", ", writes.Select(write => write switch
    {
        LedgerWrite.PutRequest { Row: var row } => $"{(row.Open ? "open" : "finish")} {row.Key.Sequence} ({row.Mark})",
        LedgerWrite.DeleteRequest { Key: var key } => $"delete {key.Sequence}",
        LedgerWrite.PutQuota { Row: var row } => $"{row.Key.Source}/{row.Key.Subject} {row.Used}+{row.Reserved} {row.ETag ?? "new"}",
        LedgerWrite.PutIdempotency { Row: var row } => $"repeat {row.RequestId}{(row.Outcome is null ? "" : " ended")}",
        _ => write.GetType().Name,
    }));
}
