namespace Freeway.Gateway.Upstreams;

/// <summary>Asks upstreams about themselves. Outage stance: only an operator asks, and gets an error.</summary>
public interface IUpstreamDirectory
{
    /// <summary>
    /// Reads the models that an upstream lists at its <see cref="Upstream.ModelsPath"/>, which must be there.
    /// </summary>
    /// <exception cref="UpstreamUnreachableException">No answer, or none that can be read.</exception>
    Task<IReadOnlyList<ListedModel>> ListModelsAsync(Upstream upstream, CancellationToken cancellation);

    /// <summary>Reads what an upstream reports at its <see cref="Upstream.KeyPath"/>, which must be there.</summary>
    /// <exception cref="UpstreamUnreachableException">No answer, or none that can be read.</exception>
    Task<KeyReport> ReadKeyAsync(Upstream upstream, CancellationToken cancellation);
}

/// <summary>
/// Holds what an upstream says of our key there, in USD; null is what it does not say. The key's label is left out: it
/// may show part of the key.
/// </summary>
/// <param name="LimitUsd">What the key may spend; null also where it has no bound.</param>
/// <param name="IsFreeTier">Whether nothing was ever bought there.</param>
/// <param name="FreeRequests">
/// The requests to its free models that are counted together; null where it does not count them.
/// </param>
public sealed record KeyReport(
    decimal? LimitUsd,
    decimal? RemainingUsd,
    decimal? UsedUsd,
    decimal? UsedTodayUsd,
    decimal? UsedThisMonthUsd,
    bool? IsFreeTier,
    FreeRequestReport? FreeRequests = null);

/// <summary>
/// Holds what an upstream says of this UTC day's requests to its free models; null is what it does not say.
/// </summary>
public sealed record FreeRequestReport(long? Limit, long? Used, long? Remaining);

/// <summary>Holds a model as its upstream lists it; null is what it does not say.</summary>
/// <param name="Id">The model's name at the upstream, as it is sent there.</param>
/// <param name="Title">The model's name for people.</param>
/// <param name="ContextLength">In tokens.</param>
/// <param name="UsdPerMillionInput">Rounded up to nano-dollars.</param>
/// <param name="UsdPerMillionOutput">Rounded up to nano-dollars.</param>
public sealed record ListedModel(
    string Id,
    string? Title = null,
    int? ContextLength = null,
    decimal? UsdPerMillionInput = null,
    decimal? UsdPerMillionOutput = null);
