using Freeway.Gateway.Plans;
using Freeway.Gateway.Upstreams.Leasing;

namespace Freeway.Gateway.Upstreams;

/// <summary>
/// Asks upstreams about themselves. Outage stance: only the operator asks, and is told that it cannot be had.
/// </summary>
public interface IUpstreamDirectory
{
    /// <summary>What it lists at its <see cref="Upstream.ModelsPath"/>, which must be there.</summary>
    /// <exception cref="UpstreamUnreachableException">No answer, or none that can be read.</exception>
    Task<IReadOnlyList<ListedModel>> ListModelsAsync(Upstream upstream, CancellationToken cancellation);

    /// <summary>What it reports at its <see cref="Upstream.KeyPath"/>, which must be there.</summary>
    /// <exception cref="UpstreamUnreachableException">No answer, or none that can be read.</exception>
    Task<KeyReport> ReadKeyAsync(Upstream upstream, CancellationToken cancellation);
}

/// <summary>
/// What an upstream says of our key there, in USD; null is what it does not say. Its label is left out: it may show
/// part of the key.
/// </summary>
/// <param name="LimitUsd">What the key may spend; null also where it has no bound.</param>
/// <param name="IsFreeTier">Whether nothing was ever bought there.</param>
/// <param name="FreeRequests">The requests to its free models that are counted together; null where it does not count
///     them.</param>
public sealed record KeyReport(
    decimal? LimitUsd,
    decimal? RemainingUsd,
    decimal? UsedUsd,
    decimal? UsedTodayUsd,
    decimal? UsedThisMonthUsd,
    bool? IsFreeTier,
    FreeRequestReport? FreeRequests = null)
{
    /// <summary>
    /// What the report tells of an upstream's limits, to be counted like the rate-limit headers of an answer.
    /// </summary>
    /// <returns>Nothing where it says nothing of what is left.</returns>
    public IReadOnlyList<RateLimitObservation> Observations() => FreeRequests is { Remaining: { } left } free
        ? [new RateLimitObservation(LimitUnit.Requests, LimitWindow.Day, free.Limit, Math.Max(0, left), null)]
        : [];
}

/// <summary>
/// What an upstream says of the requests of this UTC day to its free models; null is what it does not say.
/// </summary>
public sealed record FreeRequestReport(long? Limit, long? Used, long? Remaining);

/// <summary>A model as its upstream lists it; null is what it does not say.</summary>
/// <param name="Id">Its name there, to be sent to the upstream.</param>
/// <param name="Title">For people.</param>
/// <param name="ContextLength">In tokens.</param>
/// <param name="UsdPerMillionInput">Rounded up to nano-dollars.</param>
/// <param name="UsdPerMillionOutput">Rounded up to nano-dollars.</param>
public sealed record ListedModel(string Id, string? Title = null, int? ContextLength = null, decimal? UsdPerMillionInput = null, decimal? UsdPerMillionOutput = null);
