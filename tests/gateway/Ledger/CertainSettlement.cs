using Freeway.Gateway.Ledger;

namespace Freeway.Gateway.Tests.Ledger;

/// <summary>Settles at amounts that are certain, one for each hold in order, as recovery does.</summary>
internal static class CertainSettlement
{
    public static Task<RequestRow?> SettleAsync(
        this RequestLedger ledger,
        Reservation reservation,
        IReadOnlyList<long> used,
        ReadOnlyMemory<byte> record,
        CancellationToken cancellation) =>
        ledger.SettleAsync(reservation.Org, reservation.Open, used, record, cancellation);

    public static Task<RequestRow?> SettleAsync(
        this RequestLedger ledger,
        string org,
        RequestRow open,
        IReadOnlyList<long> used,
        ReadOnlyMemory<byte> record,
        CancellationToken cancellation) =>
        ledger.SettleAsync(org, open, used, _ => record, record.Length, null, cancellation);
}
