using Freeway.Gateway.Core;

namespace Freeway.Gateway.Plans;

/// <summary>An amount of a unit per window for a scope, e.g. 10 requests per day per org and model.</summary>
/// <param name="Name">Unique within its plan; lower-case letters, digits and dashes.</param>
/// <param name="Amount">At least 0, in <paramref name="Unit"/>.</param>
public sealed record Limit(string Name, LimitUnit Unit, long Amount, LimitWindow Window, LimitScope Scope)
{
    /// <summary>The time zone whose days and months its window follows.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>Gets whether the amount is what was bought, which the ledger's row says in place of the plan.</summary>
    public bool IsPurchased { get; init; }
}

/// <summary>A limit that binds one caller's request on one model.</summary>
/// <param name="Source">Plan and limit, e.g. <c>fastrouter-free.daily</c>.</param>
/// <param name="Subject">
/// Who shares it: <c>*</c> for the org, else a model id, a key id, the hash of an end user, or one of these and a
/// model.
/// </param>
public sealed record BoundLimit(string Source, string Subject, Limit Limit);

/// <summary>Names that a limit can be written with; which of them depends on whose limit it is.</summary>
public static class LimitNames
{
    /// <summary>Windows that can be named. A limit of concurrent requests has none.</summary>
    public static WireNames<LimitWindow> Windows { get; } = WireNames.Of<LimitWindow>().Except(LimitWindow.None);

    /// <summary>Units that can be named.</summary>
    public static WireNames<LimitUnit> Units { get; } = WireNames.Of<LimitUnit>().Except(LimitUnit.EndUserRows);

    /// <summary>Scopes of a plan's limits.</summary>
    public static WireNames<LimitScope> PlanScopes { get; } = WireNames.Of<LimitScope>().Except(LimitScope.Upstream);

    /// <summary>Scopes of a key's own limits.</summary>
    public static WireNames<LimitScope> KeyScopes { get; } =
        WireNames.Of<LimitScope>().Only(LimitScope.Key, LimitScope.KeyModel);

    /// <summary>The only scope of an upstream's own limits.</summary>
    public static WireNames<LimitScope> UpstreamScopes { get; } = WireNames.Of<LimitScope>().Only(LimitScope.Upstream);
}
