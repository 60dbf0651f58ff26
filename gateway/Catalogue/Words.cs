using Freeway.Gateway.Keys;
using Freeway.Gateway.Policies;
using Freeway.Gateway.Refusals;
using Freeway.Gateway.Routing;

namespace Freeway.Gateway.Catalogue;

/// <summary>The words of the format, and what they mean.</summary>
internal static class Words
{
    public static IReadOnlyDictionary<string, LimitUnit> Units { get; } =
        Enum.GetValues<LimitUnit>().ToDictionary(unit => unit.Name(), StringComparer.Ordinal);

    public static IReadOnlyDictionary<string, LimitWindow> Windows { get; } = new Dictionary<string, LimitWindow>(StringComparer.Ordinal)
    {
        ["minute"] = LimitWindow.Minute,
        ["hour"] = LimitWindow.Hour,
        ["day"] = LimitWindow.Day,
        ["month"] = LimitWindow.Month,
        ["rolling_30_days"] = LimitWindow.Rolling30Days,
        ["rolling30_days"] = LimitWindow.Rolling30Days,
        ["lifetime"] = LimitWindow.Lifetime,
    };

    public static IReadOnlyDictionary<string, LimitScope> Scopes { get; } = new Dictionary<string, LimitScope>(StringComparer.Ordinal)
    {
        ["org"] = LimitScope.Org,
        ["org_model"] = LimitScope.OrgModel,
        ["key"] = LimitScope.Key,
        ["key_model"] = LimitScope.KeyModel,
        ["model_group"] = LimitScope.ModelGroup,
    };

    /// <summary>The only one of an upstream's limits, and none of a plan's.</summary>
    public static IReadOnlyDictionary<string, LimitScope> UpstreamScopes { get; } = new Dictionary<string, LimitScope>(StringComparer.Ordinal)
    {
        ["upstream"] = LimitScope.Upstream,
    };

    public static IReadOnlyDictionary<string, ResetForm> ResetForms { get; } = new Dictionary<string, ResetForm>(StringComparer.Ordinal)
    {
        ["seconds"] = ResetForm.Seconds,
        ["go_duration"] = ResetForm.GoDuration,
        ["epoch_seconds"] = ResetForm.EpochSeconds,
        ["epoch_milliseconds"] = ResetForm.EpochMilliseconds,
    };

    public static IReadOnlyDictionary<string, Overflow> Overflows { get; } = new Dictionary<string, Overflow>(StringComparer.Ordinal)
    {
        ["reject"] = Overflow.Reject,
        ["next_free"] = Overflow.NextFree,
        ["bill"] = Overflow.Bill,
    };

    public static IReadOnlyDictionary<string, Billing> Billings { get; } = new Dictionary<string, Billing>(StringComparer.Ordinal)
    {
        ["free"] = Billing.Free,
        ["prepaid"] = Billing.Prepaid,
        ["postpaid"] = Billing.Postpaid,
    };

    public static IReadOnlyDictionary<string, Dialect> Dialects { get; } = new Dictionary<string, Dialect>(StringComparer.Ordinal)
    {
        ["openai"] = Dialect.OpenAi,
        ["apilaplas"] = Dialect.Apilaplas,
    };
}
