namespace Freeway.Gateway.Routing;

/// <summary>By what a request wants its routes sorted.</summary>
public enum RouteSort
{
    /// <summary>As the catalogue has them: in order, or by weight.</summary>
    Catalogue,

    /// <summary>The quickest first byte of late first.</summary>
    Latency,
}
