using Freeway.Gateway.Policies;

namespace Freeway.Gateway.Views;

internal static class ScopeNames
{
    public static string Of(LimitScope scope) => scope switch
    {
        LimitScope.Org => "org",
        LimitScope.OrgModel => "org+model",
        LimitScope.Key => "key",
        LimitScope.KeyModel => "key+model",
        LimitScope.ModelGroup => "model-group",
        LimitScope.Upstream => "upstream",
    };

    /// <summary>Whether a limit of this scope counts for one key alone.</summary>
    public static bool IsOfAKey(string scope) => scope == Of(LimitScope.Key) || scope == Of(LimitScope.KeyModel);

    /// <summary>Whether a limit of this scope counts for one model alone.</summary>
    public static bool IsPerModel(LimitScope scope) => scope is LimitScope.OrgModel or LimitScope.KeyModel;
}
