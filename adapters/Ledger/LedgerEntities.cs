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

    /// <summary>The service takes 32 Ki characters in one property: what is longer goes on in the next.</summary>
    private const int MostCharacters = 32 * 1024;

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

    public static TableEntity Of(string org, RequestRow row)
    {
        var record = Encoding.UTF8.GetString(row.Record.Span);
        var first = Math.Min(record.Length, MostCharacters);
        first -= first < record.Length && char.IsHighSurrogate(record[first - 1]) ? 1 : 0;
        var entity = new TableEntity(LedgerKeys.Partition(org), LedgerKeys.Row(row.Key))
        {
            ["State"] = row.Open ? Open : Finished,
            ["RequestId"] = row.RequestId,
            ["Mark"] = row.Mark,
            ["Holds"] = LedgerJson.Write(row.Holds),
            ["Record"] = record[..first],
        };
        if (first < record.Length)
        {
            entity["RecordRest"] = record[first..];
        }

        return entity;
    }

    /// <summary>False for a row that the service would refuse for its size.</summary>
    public static bool Fits(RequestRow row) => row.Record.Length <= MostCharacters * 2 && row.RequestId.Length <= MostCharacters;

    public static RequestRow Request(TableEntity entity) => new(
        LedgerKeys.Request(entity.RowKey),
        entity.GetString("Mark"),
        entity.GetString("State") is Open,
        entity.GetString("RequestId"),
        LedgerJson.Read(entity.GetString("Holds")),
        Encoding.UTF8.GetBytes(entity.GetString("Record") + entity.GetString("RecordRest")),
        entity.ETag.ToString());
}
