namespace Freeway.Gateway.ActivityLog;

/// <summary>What a request took of one limit in the end; from these the ledger's counters can be counted again.</summary>
/// <param name="Limit">Plan and limit, e.g. <c>fastrouter-free.daily</c>; <c>account</c> for what was charged.</param>
/// <param name="Subject">Who shares it: <c>*</c> for the org, else a model id, a key id, or both.</param>
/// <param name="Window">In which it was admitted, e.g. <c>2026-11-21</c>.</param>
/// <param name="Amount">Above 0, in the limit's own unit; money in nano-dollars.</param>
public sealed record BookedAmount(string Limit, string Subject, string Window, long Amount)
{
    /// <summary>What of these holds was booked. Leases leave nothing behind.</summary>
    /// <param name="amounts">In the order of the holds.</param>
    public static IReadOnlyList<BookedAmount> Of(IReadOnlyList<Ledger.Hold> holds, IReadOnlyList<long> amounts) =>
        [.. holds.Zip(amounts)
            .Where(pair => pair.Second is not 0 && !Ledger.Leases.IsName(pair.First.Window))
            .Select(pair => new BookedAmount(pair.First.Quota.Source, pair.First.Quota.Subject, pair.First.Window, pair.Second))];
}
