using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Azure.Data.Tables;
using Freeway.Gateway.Core;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;

namespace Freeway.Adapters.Ledger;

/// <summary>The ledger's rows as a reader of Storage Explorer sees them.</summary>
internal static class LedgerEntities
{
    private const string Open = "Open";
    private const string Finished = "Finished";

    /// <summary>
    /// The column that says when an idempotency row or a purchase was written; the tidier finds old rows by it.
    /// </summary>
    public const string At = "At";

    /// <summary>The column with the time from which a row of an end user may be deleted.</summary>
    public const string ExpiresAt = "ExpiresAt";

    /// <summary>All of an idempotency row but its outcome.</summary>
    public static readonly string[] RepeatWithoutOutcome = ["RowKey", "RequestId", "Fingerprint", At];

    /// <summary>The service takes 32 Ki characters in one property: what is longer goes on in the next.</summary>
    private const int MostCharacters = 32 * 1024;

    public static TableEntity Of(string partition, QuotaRow row)
    {
        var entity = new TableEntity(partition, LedgerKeys.Row(row.Key))
        {
            ["Unit"] = row.Unit.ToString(),
            ["Window"] = row.Window.Id,
            ["Limit"] = row.Limit,
            ["Used"] = row.Used,
            ["Reserved"] = row.Reserved,
            ["ResetAt"] = row.Window.ResetsAt,
        };
        if (row.Leases.Count > 0)
        {
            entity["Leases"] = row.Leases.Text;
        }

        if (row.Past is { } past)
        {
            (entity["PastWindow"], entity["PastLeft"]) = (past.Window, past.Left);
        }

        if (row.Noticed > 0)
        {
            entity["Noticed"] = row.Noticed;
        }

        if (row.ExpiresAt is { } expires)
        {
            entity[ExpiresAt] = expires;
        }

        return entity;
    }

    public static QuotaRow Quota(TableEntity entity) => new(
        LedgerKeys.Quota(entity.RowKey),
        Enum.Parse<LimitUnit>(entity.GetString("Unit")),
        new WindowSpan(entity.GetString("Window"), entity.GetDateTimeOffset("ResetAt")),
        entity.GetInt64("Limit") ?? 0,
        entity.GetInt64("Used") ?? 0,
        entity.GetInt64("Reserved") ?? 0,
        entity.ETag.ToString())
    {
        Leases = entity.GetString("Leases") is { } leases ? new ConcurrencyLeases(leases) : ConcurrencyLeases.None,
        Past = entity.GetString("PastWindow") is { } past ? new PastWindow(past, entity.GetInt64("PastLeft") ?? 0) : null,
        Noticed = entity.GetInt32("Noticed") ?? 0,
        ExpiresAt = entity.GetDateTimeOffset(ExpiresAt),
    };

    public static TableEntity Of(string partition, RequestRow row)
    {
        var record = Encoding.UTF8.GetString(row.Record.Span);
        var first = Math.Min(record.Length, MostCharacters);
        first -= first < record.Length && char.IsHighSurrogate(record[first - 1]) ? 1 : 0;
        var entity = new TableEntity(partition, LedgerKeys.Row(row.Key))
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

        if (row.Idempotency is { } repeat)
        {
            (entity["RepeatKey"], entity["RepeatHash"]) = (repeat.KeyId, repeat.Hash);
        }

        return entity;
    }

    public static TableEntity Of(string partition, IdempotencyRow row)
    {
        var entity = new TableEntity(partition, LedgerKeys.Row(row.Key))
        {
            ["RequestId"] = row.RequestId,
            ["Fingerprint"] = row.Fingerprint,
            [At] = row.At,
        };
        if (row.Outcome is { } outcome)
        {
            entity["Status"] = outcome.Status;
            entity["ContentType"] = outcome.ContentType;
            entity["Body"] = outcome.Body?.ToArray();
            entity["Refusal"] = outcome.Refusal?.WireName();
        }

        return entity;
    }

    public static TableEntity Of(string partition, Purchase purchase) => new(partition, LedgerKeys.Purchase(purchase.Id))
    {
        ["Id"] = purchase.Id,
        ["NanoDollars"] = purchase.Nanos,
        [At] = purchase.At,
    };

    public static IdempotencyRow Repeat(TableEntity entity) => new(
        LedgerKeys.Repeat(entity.RowKey),
        entity.GetString("RequestId"),
        entity.GetString("Fingerprint"),
        entity.GetDateTimeOffset(At)!.Value,
        entity.GetInt32("Status") is { } status ? Outcome(entity, status) : null,
        entity.ETag.ToString());

    private static RequestOutcome Outcome(TableEntity entity, int status)
    {
        var body = entity.GetBinary("Body") is { } bytes ? bytes : default(ReadOnlyMemory<byte>?);
        return new RequestOutcome(status, entity.GetString("ContentType"), body)
        {
            Refusal = entity.GetString("Refusal") is { } code ? WireNames.Of<RefusalCode>().Find(code) : null,
        };
    }

    public static Purchase Purchase(TableEntity entity) =>
        new(entity.GetString("Id"), entity.GetInt64("NanoDollars")!.Value, entity.GetDateTimeOffset(At)!.Value);

    /// <summary>Tells whether the service takes a row of this size.</summary>
    public static bool Fits(RequestRow row) => row.Record.Length <= MostCharacters * 2 && row.RequestId.Length <= MostCharacters;

    public static RequestRow Request(TableEntity entity) => new(
        LedgerKeys.Request(entity.RowKey),
        entity.GetString("Mark"),
        entity.GetString("State") is Open,
        entity.GetString("RequestId"),
        LedgerJson.Read(entity.GetString("Holds")),
        Encoding.UTF8.GetBytes(entity.GetString("Record") + entity.GetString("RecordRest")),
        entity.ETag.ToString())
    {
        Idempotency = entity.GetString("RepeatHash") is { } hash ? new IdempotencyKey(entity.GetString("RepeatKey"), hash) : null,
    };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(HoldEntry[]))]
internal sealed partial class LedgerJson : JsonSerializerContext
{
    public static string Write(IReadOnlyList<Hold> holds) => JsonSerializer.Serialize(
        [.. holds.Select(hold => new HoldEntry(hold.Quota.Source, hold.Quota.Subject, hold.Window, hold.Amount))], Default.HoldEntryArray);

    public static IReadOnlyList<Hold> Read(string json) =>
        [.. JsonSerializer.Deserialize(json, Default.HoldEntryArray)!.Select(entry => new Hold(new QuotaKey(entry.Limit, entry.Subject), entry.Window, entry.Amount))];
}

/// <summary>A hold as it is written in a request row.</summary>
internal sealed record HoldEntry(string Limit, string Subject, string Window, long Amount);
