using Freeway.Gateway.Keys;
using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Administration;

/// <summary>Reads an API key, or what is to change about one: what is left out stays, what is null is taken away.</summary>
internal static class KeyFields
{
    private static readonly Dictionary<long, HardRefusal> Statuses =
        Enum.GetValues<HardRefusal>().ToDictionary(refusal => (long)refusal.Status());

    /// <summary>The key as it shall be.</summary>
    public static ApiKey Read(FieldReader fields, ApiKey was, DateTimeOffset now)
    {
        var (expires, overflow, ceiling) = (fields.Time("expires_at"), fields.Overflow(), fields.Usd("monthly_ceiling_usd"));
        var (models, limits) = (fields.Models("allowed_models"), fields.Limits(was.Limits ?? []));
        var key = was with
        {
            Label = fields.Needed("label", fields.Text("label", AdminFields.LongestName), was.Label),
            Disabled = fields.Needed("disabled", fields.Flag("disabled"), was.Disabled) ?? false,
            ExpiresAt = fields.Has("expires_at") ? expires : was.ExpiresAt,
            Overflow = fields.Has("overflow") ? overflow : was.Overflow,
            MonthlyCeilingNanos = fields.Has("monthly_ceiling_usd") ? ceiling : was.MonthlyCeilingNanos,
            HardRefusal = Status(fields) ?? was.HardRefusal,
            AllowedModels = fields.Has("allowed_models") ? models : was.AllowedModels,
            Limits = fields.Has("limits") ? (limits is { Count: > 0 } ? limits : null) : was.Limits,
            DeletedAt = fields.DeletedAt(was.DeletedAt, now),
        };
        fields.Close();
        return key;
    }

    private static HardRefusal? Status(FieldReader fields)
    {
        if (fields.Whole("refusal_status", 400, 499) is not { } status)
        {
            return null;
        }

        if (Statuses.TryGetValue(status, out var refusal))
        {
            return refusal;
        }

        fields.Add("refusal_status", $"must be one of {string.Join(", ", Statuses.Keys)}");
        return null;
    }
}
