namespace Freeway.Gateway.Policies;

/// <summary>Who shares a limit's amount.</summary>
public enum LimitScope
{
    Org,
    OrgModel,
    Key,
    KeyModel,

    /// <summary>The org, over the models that the limit names.</summary>
    ModelGroup,

    /// <summary>Everybody who calls one upstream through us: what its key may use. No plan has it, and an upstream has no other.</summary>
    Upstream,
}
