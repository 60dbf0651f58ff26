using Freeway.Gateway.Routing;

namespace Freeway.Gateway.Upstreams;

/// <summary>Asks upstreams about themselves. Outage stance: only the operator asks, and is told that it cannot be had.</summary>
public interface IUpstreamDirectory
{
    /// <summary>What it lists at its <see cref="Upstream.ModelsPath"/>, which must be there.</summary>
    /// <exception cref="UpstreamUnreachableException">No answer, or none that can be read.</exception>
    Task<IReadOnlyList<ListedModel>> ListModelsAsync(Upstream upstream, CancellationToken cancellation);

    /// <summary>What it reports at its <see cref="Upstream.KeyPath"/>, which must be there.</summary>
    /// <exception cref="UpstreamUnreachableException">No answer, or none that can be read.</exception>
    Task<KeyReport> ReadKeyAsync(Upstream upstream, CancellationToken cancellation);
}
