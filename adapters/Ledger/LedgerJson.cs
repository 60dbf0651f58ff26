using System.Text.Json;
using System.Text.Json.Serialization;
using Freeway.Gateway.Ledger;

namespace Freeway.Adapters.Ledger;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(HoldEntry[]))]
internal sealed partial class LedgerJson : JsonSerializerContext
{
    public static string Write(IReadOnlyList<Hold> holds) => JsonSerializer.Serialize(
        [.. holds.Select(hold => new HoldEntry(hold.Quota.Source, hold.Quota.Subject, hold.Window, hold.Amount))], Default.HoldEntryArray);

    public static IReadOnlyList<Hold> Read(string json) =>
        [.. JsonSerializer.Deserialize(json, Default.HoldEntryArray)!.Select(entry => new Hold(new QuotaKey(entry.Limit, entry.Subject), entry.Window, entry.Amount))];
}
