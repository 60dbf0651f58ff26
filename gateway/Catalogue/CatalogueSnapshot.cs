using Freeway.Gateway.Models;
using Freeway.Gateway.Policies;
using Freeway.Gateway.Routing;

namespace Freeway.Gateway.Catalogue;

/// <summary>The whole catalogue, checked, at one moment.</summary>
public sealed class CatalogueSnapshot(IReadOnlyList<Model> models, IReadOnlyList<Plan> plans, IReadOnlyList<Upstream> upstreams)
{
    public ModelCatalogue Models { get; } = new(models);

    public PlanBook Plans { get; } = new(plans, PlanBook.PayAsYouGo);

    public Router Router { get; } = new(upstreams);
}
