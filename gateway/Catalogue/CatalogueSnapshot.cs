using Freeway.Gateway.Models;
using Freeway.Gateway.Policies;
using Freeway.Gateway.Routing;

namespace Freeway.Gateway.Catalogue;

/// <summary>The whole catalogue, checked, at one moment.</summary>
public sealed record CatalogueSnapshot(IReadOnlyList<Model> Models, IReadOnlyList<Plan> Plans, IReadOnlyList<Upstream> Upstreams);
