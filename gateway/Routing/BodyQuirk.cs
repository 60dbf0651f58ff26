using Freeway.Gateway.Models;
using Freeway.Gateway.Policies;

namespace Freeway.Gateway.Routing;

/// <summary>Members of a request that an upstream refuses, or knows by another name; only those of the body itself, not of what is inside it.</summary>
/// <param name="Surfaces">Those that it is for, all of JSON.</param>
/// <param name="Models">As the upstream names them.</param>
/// <param name="Drop">Left out of what is sent.</param>
/// <param name="Rename">From our name to the upstream's.</param>
public sealed record BodyQuirk(
    IReadOnlyList<Surface> Surfaces, ModelSet Models, IReadOnlyList<string> Drop, IReadOnlyDictionary<string, string> Rename)
{
    public bool IsFor(Surface surface, string upstreamModel) => Surfaces.Contains(surface) && Models.Contains(upstreamModel);
}
