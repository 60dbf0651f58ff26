namespace Freeway.Gateway.Routing;

/// <summary>Why a route is not taken.</summary>
public enum RouteBar
{
    /// <summary>The setting with its upstream's key is missing.</summary>
    NoKey,

    /// <summary>It cannot do what the request needs.</summary>
    Incapable,

    /// <summary>The request does not want it.</summary>
    Unwanted,

    /// <summary>Its upstream's limits have too little left.</summary>
    NoAllowance,

    /// <summary>Its upstream said 429 and is left alone.</summary>
    Parked,

    /// <summary>Its upstream failed too often and is left alone.</summary>
    Broken,
}
