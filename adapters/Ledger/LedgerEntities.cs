using System.Text;
using Azure.Data.Tables;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Policies;

namespace Freeway.Adapters.Ledger;

/// <summary>The ledger's rows as a reader of Storage Explorer sees them.</summary>
internal static class LedgerEntities
{
    private const string Open = "Open";
    private const string Finished = "Finished";

    public static TableEntity Of(string org, QuotaRow row) => new(LedgerKeys.Partition(org), LedgerKeys.Row(row.Key))
    {
        ["Unit"] = row.Unit.ToString(),
        ["Window"] = row.Window.Id,
        ["Limit"] = row.Limit,
        ["Used"] = row.Used,
        ["Reserved"] = row.Reserved,
        ["ResetAt"] = row.Window.ResetsAt,
    };

    public static QuotaRow Quota(TableEntity entity) => new(
        LedgerKeys.Quota(entity.RowKey),
        Enum.Parse<LimitUnit>(entity.GetString("Unit")),
        new WindowSpan(entity.GetString("Window"), entity.GetDateTimeOffset("ResetAt")),
        entity.GetInt64("Limit") ?? 0,
        entity.GetInt64("Used") ?? 0,
        entity.GetInt64("Reserved") ?? 0,
        entity.ETag.ToString());

    public static TableEntity Of(string org, RequestRow row) => new(LedgerKeys.Partition(org), LedgerKeys.Row(row.Key))
    {
        ["State"] = row.Open ? Open : Finished,
        ["RequestId"] = row.RequestId,
        ["Mark"] = row.Mark,
        ["Holds"] = LedgerJson.Write(row.Holds),
        ["Record"] = Encoding.UTF8.GetString(row.Record.Span),
    };

    public static RequestRow Request(TableEntity entity) => new(
        LedgerKeys.Request(entity.RowKey),
        entity.GetString("Mark"),
        entity.GetString("State") is Open,
        entity.GetString("RequestId"),
        LedgerJson.Read(entity.GetString("Holds")),
        Encoding.UTF8.GetBytes(entity.GetString("Record")),
        entity.ETag.ToString());
}
