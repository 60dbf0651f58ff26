using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Reconciliation;
using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Views;

/// <summary>Which books to compare.</summary>
/// <param name="Org">Null for all.</param>
/// <param name="Days">How many days' records are looked through, today included.</param>
public sealed record ReconciliationOrder(string? Org, int Days, bool Repair)
{
    private const int UsualDays = 2;
    private const int LongestOrg = 64;

    /// <param name="field">The value of <c>org</c> or <c>days</c>; null or empty where it is not given.</param>
    public static Decision<ReconciliationOrder> Read(Func<string, string?> field)
    {
        var fields = new QueryFields(field);
        var order = new ReconciliationOrder(fields.Text("org"), fields.Number("days", 1, Reconciler.MostDays) ?? UsualDays, false);
        return fields.Refusal is { } refusal ? refusal : order;
    }

    /// <param name="json">E.g. <c>{"org": "acme", "days": 31, "repair": true}</c>; all of it may be left out.</param>
    public static Decision<ReconciliationOrder> Read(ReadOnlyMemory<byte> json)
    {
        if (!FieldReader.Open(json).Accepted(out var fields, out var refusal))
        {
            return refusal;
        }

        var order = new ReconciliationOrder(fields.Text("org", LongestOrg), (int)(fields.Whole("days", 1, Reconciler.MostDays) ?? UsualDays), fields.Flag("repair") ?? false);
        fields.Close();
        return fields.Errors is { Count: > 0 } errors ? Refuse.InvalidFields(errors) : order;
    }
}
