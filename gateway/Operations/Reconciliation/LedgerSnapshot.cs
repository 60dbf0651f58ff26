using Freeway.Gateway.Ledger;

namespace Freeway.Gateway.Operations.Reconciliation;

/// <summary>
/// An org's ledger as it was read, the counters first and the request rows after them: a settlement between the two
/// moves the counter's ETag.
/// </summary>
/// <param name="Done">When all of it had been read.</param>
internal sealed record LedgerSnapshot(
    string Org, IReadOnlyList<QuotaRow> Quotas, IReadOnlyList<RequestRow> Requests, IReadOnlyList<Purchase> Purchases, DateTimeOffset Done)
{
    public static async Task<LedgerSnapshot> TakeAsync(ILedgerStore store, string org, TimeProvider clock, CancellationToken cancellation)
    {
        var quotas = await store.ListQuotasAsync(org, cancellation);
        var requests = await store.ListRequestsAsync(org, cancellation);
        var purchases = await store.ListPurchasesAsync(org, cancellation);
        return new LedgerSnapshot(org, quotas, requests, purchases, clock.GetUtcNow());
    }

    /// <summary>
    /// Adds up what open requests hold of a counter in its window. Leases of requests at once are no amounts and are
    /// left out.
    /// </summary>
    public long Held(QuotaRow row) => Requests.Where(request => request.Open).SelectMany(request => request.Holds)
        .Where(hold => hold.Quota == row.Key && hold.Window == row.Window.Id).Sum(hold => hold.Amount);
}
