using Freeway.Gateway.Keys;
using Freeway.Gateway.Policies;
using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Administration;

/// <summary>Reads an org, or what is to change about one: what is left out stays, what is null is taken away.</summary>
internal static class OrgFields
{
    private const int LongestTier = 64;

    /// <summary>The org as it shall be.</summary>
    public static Org Read(FieldReader fields, Org was, PlanBook plans, DateTimeOffset now)
    {
        var plan = fields.Text("plan", AdminFields.LongestName);
        if (plan is not null && plans.Find(plan) is null)
        {
            fields.Add("plan", $"names no plan of the catalogue; there are {string.Join(", ", plans.All.Append(PlanBook.PayAsYouGo).Select(one => one.Name).Distinct())}");
        }

        var (tier, overflow, ceiling) = (fields.Text("user_tier", LongestTier), fields.Overflow(), fields.Usd("monthly_ceiling_usd"));
        var org = was with
        {
            Name = fields.Needed("name", fields.Text("name", AdminFields.LongestName), was.Name),
            Plan = fields.Has("plan") ? plan : was.Plan,
            Premium = fields.Needed("premium", fields.Flag("premium"), was.Premium) ?? false,
            PhoneVerified = fields.Needed("phone_verified", fields.Flag("phone_verified"), was.PhoneVerified) ?? false,
            UserTier = fields.Has("user_tier") ? tier : was.UserTier,
            Overflow = fields.Has("overflow") ? overflow : was.Overflow,
            MonthlyCeilingNanos = fields.Has("monthly_ceiling_usd") ? ceiling : was.MonthlyCeilingNanos,
            Disabled = fields.Needed("disabled", fields.Flag("disabled"), was.Disabled) ?? false,
            DeletedAt = fields.DeletedAt(was.DeletedAt, now),
        };
        fields.Close();
        return org;
    }
}
