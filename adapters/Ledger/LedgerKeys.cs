using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Freeway.Adapters.Tables;
using Freeway.Gateway.Ledger;

namespace Freeway.Adapters.Ledger;

/// <summary>
/// Builds the ledger's keys and takes them apart: <c>quota|{limit}|{subject}</c>,
/// <c>enduser|{limit}|{hash, and model}</c> for the quotas of end users, which stand apart so that nobody has to read
/// past them, <c>request|{instance}|{number}</c>, <c>idempotency|{key}|{hash}</c>, <c>purchase|{hash of its id}</c>.
/// </summary>
internal static class LedgerKeys
{
    private const string QuotaPart = "quota";
    private const string EndUserPart = "enduser";
    private const string RequestPart = "request";
    private const string RepeatPart = "idempotency";
    private const string PurchasePart = "purchase";

    /// <summary>Twelve digits sort as numbers, and no instance lives for a thousand billion requests.</summary>
    private const long LastSequence = 999_999_999_999;

    public static string FirstQuota => TableKey.From(QuotaPart);

    public static string AfterQuotas => TableKey.Until(QuotaPart);

    public static string FirstEndUser => TableKey.From(EndUserPart);

    public static string AfterEndUsers => TableKey.Until(EndUserPart);

    public static string FirstRequest => TableKey.From(RequestPart);

    public static string AfterRequests => TableKey.Until(RequestPart);

    public static string FirstRepeat => TableKey.From(RepeatPart);

    public static string AfterRepeats => TableKey.Until(RepeatPart);

    public static string FirstPurchase => TableKey.From(PurchasePart);

    public static string AfterPurchases => TableKey.Until(PurchasePart);

    public static string Partition(string org) => TableKey.Escape(org);

    public static string Row(QuotaKey key) =>
        TableKey.Join(key.IsOfEndUser ? EndUserPart : QuotaPart, key.Source, key.Subject);

    public static string Row(RequestKey key) => Row(key.Instance, key.Sequence);

    public static string Row(string instance, long sequence) =>
        TableKey.Join(RequestPart, instance, Math.Clamp(sequence, 0, LastSequence).ToString("D12", CultureInfo.InvariantCulture));

    public static string Row(IdempotencyKey key) => TableKey.Join(RepeatPart, key.KeyId, key.Hash);

    /// <summary>
    /// Builds a purchase's row key from the hash of its id, since an id may be longer than a key. The row itself holds
    /// the id.
    /// </summary>
    public static string Purchase(string id) => TableKey.Join(PurchasePart, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id))));

    public static IdempotencyKey Repeat(string row) => TableKey.Split(row) is [RepeatPart, var key, var hash]
        ? new IdempotencyKey(key, hash)
        : throw new FormatException($"'{row}' is no idempotency row.");

    public static QuotaKey Quota(string row) => TableKey.Split(row) is [QuotaPart or EndUserPart, var source, var subject]
        ? new QuotaKey(source, subject)
        : throw new FormatException($"'{row}' is no quota row.");

    public static RequestKey Request(string row) => TableKey.Split(row) is [RequestPart, var instance, var number]
        ? new RequestKey(instance, long.Parse(number, CultureInfo.InvariantCulture))
        : throw new FormatException($"'{row}' is no request row.");
}
