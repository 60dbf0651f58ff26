using Freeway.Gateway.Core;

namespace Freeway.Gateway.Policies;

/// <summary>Names that a limit can be written with; which of them depends on whose limit it is.</summary>
public static class LimitNames
{
    /// <summary>Windows that can be named. A limit of concurrent requests has none.</summary>
    public static WireNames<LimitWindow> Windows { get; } = WireNames.Of<LimitWindow>().Except(LimitWindow.None);

    /// <summary>Scopes of a plan's limits.</summary>
    public static WireNames<LimitScope> PlanScopes { get; } = WireNames.Of<LimitScope>().Except(LimitScope.Upstream);

    /// <summary>Scopes of a key's own limits.</summary>
    public static WireNames<LimitScope> KeyScopes { get; } =
        WireNames.Of<LimitScope>().Only(LimitScope.Key, LimitScope.KeyModel);

    /// <summary>The only scope of an upstream's own limits.</summary>
    public static WireNames<LimitScope> UpstreamScopes { get; } = WireNames.Of<LimitScope>().Only(LimitScope.Upstream);
}
