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

    /// <summary>
    /// Everybody who calls one upstream through us: what its key may use. No plan has it, and an upstream has no other.
    /// </summary>
    Upstream,
}
