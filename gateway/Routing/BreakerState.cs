namespace Freeway.Gateway.Routing;

/// <summary>Whether an upstream key is called.</summary>
public enum BreakerState
{
    /// <summary>It is.</summary>
    Closed,

    /// <summary>One call at a time finds out whether it is well again.</summary>
    HalfOpen,

    /// <summary>It failed too often of late, and is not called for a while.</summary>
    Open,
}
