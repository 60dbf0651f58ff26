namespace Freeway.Gateway.Keys;

/// <summary>What a management key may do. Every one of them may read.</summary>
public enum AdminScope
{
    /// <summary>Look at everything, change nothing.</summary>
    Read,

    /// <summary>Change organisations and API keys.</summary>
    Keys,

    /// <summary>Add to accounts.</summary>
    Billing,

    /// <summary>Everything, the catalogue, the books and other management keys included.</summary>
    All,
}
