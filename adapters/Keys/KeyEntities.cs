using Azure.Data.Tables;
using Freeway.Adapters.Tables;
using Freeway.Gateway.Keys;
using Freeway.Gateway.Refusals;

namespace Freeway.Adapters.Keys;

/// <summary>Orgs and keys as rows: all orgs in the partition <c>org</c>, a key's row under the hash of its secret.</summary>
internal static class KeyEntities
{
    public const string OrgPartition = "org";
    public const string KeyRow = "key";

    public static TableEntity Of(Org org) => new(OrgPartition, TableKey.Escape(org.Id))
    {
        ["Name"] = org.Name,
        ["Disabled"] = org.Disabled,
        ["Plan"] = org.Plan,
        ["Premium"] = org.Premium,
        ["PhoneVerified"] = org.PhoneVerified,
        ["UserTier"] = org.UserTier,
        ["PurchasedNanos"] = org.PurchasedNanos,
        ["Overflow"] = org.Overflow?.ToString(),
        ["MonthlyCeilingNanos"] = org.MonthlyCeilingNanos,
    };

    public static TableEntity Of(KeyHash hash, ApiKey key) => new(hash.Hex, KeyRow)
    {
        ["Id"] = key.Id,
        ["Org"] = key.OrgId,
        ["Label"] = key.Label,
        ["Disabled"] = key.Disabled,
        ["ExpiresAt"] = key.ExpiresAt,
        ["Overflow"] = key.Overflow?.ToString(),
        ["MonthlyCeilingNanos"] = key.MonthlyCeilingNanos,
        ["HardRefusal"] = key.HardRefusal.ToString(),
    };

    public static Org Org(TableEntity entity) =>
        new(TableKey.Unescape(entity.RowKey), entity.GetString("Name"), entity.GetBoolean("Disabled") ?? false)
        {
            Plan = entity.GetString("Plan"),
            Premium = entity.GetBoolean("Premium") ?? false,
            PhoneVerified = entity.GetBoolean("PhoneVerified") ?? false,
            UserTier = entity.GetString("UserTier"),
            PurchasedNanos = entity.GetInt64("PurchasedNanos") ?? 0,
            Overflow = Choice<Overflow>(entity, "Overflow"),
            MonthlyCeilingNanos = entity.GetInt64("MonthlyCeilingNanos"),
        };

    public static ApiKey Key(TableEntity entity) => new(
        entity.GetString("Id"),
        entity.GetString("Org"),
        entity.GetString("Label"),
        entity.GetBoolean("Disabled") ?? false,
        entity.GetDateTimeOffset("ExpiresAt"))
    {
        Overflow = Choice<Overflow>(entity, "Overflow"),
        MonthlyCeilingNanos = entity.GetInt64("MonthlyCeilingNanos"),
        HardRefusal = Choice<HardRefusal>(entity, "HardRefusal") ?? default,
    };

    private static T? Choice<T>(TableEntity entity, string name)
        where T : struct, Enum => entity.GetString(name) is { Length: > 0 } text ? Enum.Parse<T>(text) : null;
}
