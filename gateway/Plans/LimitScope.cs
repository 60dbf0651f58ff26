using Freeway.Gateway.Core;

namespace Freeway.Gateway.Plans;

/// <summary>The sharers of a limit's amount.</summary>
public enum LimitScope
{
    Org,
    [WireName("org_model", "org+model")]
    OrgModel,
    Key,
    [WireName("key_model", "key+model")]
    KeyModel,

    /// <summary>The org, over the models that the limit names.</summary>
    [WireName("model_group", "model-group")]
    ModelGroup,

    /// <summary>The end user whom a request names, over all keys and models.</summary>
    [WireName("end_user", "end-user")]
    EndUser,

    /// <summary>The end user whom a request names, on one model.</summary>
    [WireName("end_user_model", "end-user+model", "end_user+model")]
    EndUserModel,

    /// <summary>
    /// Everybody who calls one upstream through us: what its key may use. No plan has it, and an upstream has no other.
    /// </summary>
    Upstream,
}

/// <summary>Tells what holds for every limit of a scope.</summary>
public static class LimitScopes
{
    /// <summary>Tells whether each end user has the amount of such a limit for itself.</summary>
    public static bool IsOfEndUser(this LimitScope scope) => scope is LimitScope.EndUser or LimitScope.EndUserModel;
}
