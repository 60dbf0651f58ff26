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
}
