using System.Collections.Frozen;
using Freeway.Gateway.Models;
using Freeway.Gateway.Plans;
using Freeway.Gateway.Upstreams;

namespace Freeway.Gateway.Catalogue.Format;

/// <summary>The whole catalogue, checked, at one moment.</summary>
/// <param name="standard">The plan of bare ids for orgs without one; pay as you go where it is null.</param>
public sealed class CatalogueSnapshot(IReadOnlyList<Model> models, IReadOnlyList<Plan> plans, IReadOnlyList<Upstream> upstreams, Plan? standard = null)
{
    private readonly FrozenDictionary<string, Upstream> _byName = upstreams.ToFrozenDictionary(upstream => upstream.Name, StringComparer.Ordinal);

    public ModelCatalogue Models { get; } = new(models);

    public PlanBook Plans { get; } = new(plans, standard ?? PlanBook.PayAsYouGo);

    /// <summary>The upstreams, in the catalogue's order.</summary>
    public IReadOnlyList<Upstream> Upstreams { get; } = upstreams;

    /// <summary>The upstream of this name; a route never names another.</summary>
    public Upstream UpstreamOf(string name) => _byName[name];
}
