using Freeway.Gateway.Models;

namespace Freeway.Gateway.Routing;

/// <summary>What a request needs of a route.</summary>
/// <param name="ContextTokens">Prompt and completion together, as estimated; 0 where the surface has no context.</param>
public sealed record RouteNeeds(Surface Surface, bool Tools, bool Vision, long ContextTokens)
{
    /// <param name="context">The model's own.</param>
    public bool Fits(ModelRoute route, int context) =>
        (route.Tools || !Tools) && (route.Vision || !Vision) && (route.ContextLength is not { } length || Math.Min(ContextTokens, context) <= length);
}
