using System.Collections.Concurrent;

namespace Freeway.Gateway.Upstreams;

/// <summary>
/// Remembers which models of an upstream's key answered 429, and parks them for a while: they are not called. A whole
/// key is parked once a third of its models answers 429 meanwhile. Many an upstream means by it one model that is busy,
/// and a request that falls back to another model there must not wait for it.
/// </summary>
/// <remarks>
/// Each instance learns it by a call of its own. What the answers say of the limits is shared through the ledger.
/// </remarks>
public sealed class Parking(TimeProvider clock, ParkingOptions options)
{
    /// <summary>The number of models of one key that are parked at a time before the whole key is.</summary>
    private const int ModelsOfAParkedKey = 3;

    private readonly ConcurrentDictionary<(UpstreamEndpointId Endpoint, string? Model), ParkedModel> _parked = [];

    /// <summary>
    /// Parks a model that answered 429, and its whole key where other models of it are parked already.
    /// </summary>
    /// <param name="model">The model's name at the upstream.</param>
    /// <param name="retryAfter">What the upstream says; null where it does not.</param>
    /// <param name="status">The HTTP status of its answer.</param>
    /// <returns>Until when the model is parked.</returns>
    public DateTimeOffset Park(UpstreamEndpointId endpoint, string model, TimeSpan? retryAfter, int status = 429)
    {
        var now = clock.GetUtcNow();
        var others = Of(endpoint, now).Count(parked => parked.Key.Model is { } name && name != model);
        if (others >= ModelsOfAParkedKey - 1)
        {
            Add((endpoint, null), now, new ParkingCause(ParkingReason.SeveralModelsRateLimited, status, retryAfter));
        }

        return Add((endpoint, model), now, new ParkingCause(ParkingReason.RateLimited, status, retryAfter));
    }

    /// <summary>Ends the parking of a model that answered: its next 429 counts as the first again.</summary>
    public void Clear(UpstreamEndpointId endpoint, string model)
    {
        _parked.TryRemove((endpoint, model), out _);
        _parked.TryRemove((endpoint, null), out _);
    }

    /// <summary>Until when a model of a key is parked; null where it may be called.</summary>
    public DateTimeOffset? Until(UpstreamEndpointId endpoint, string model)
    {
        var now = clock.GetUtcNow();
        var until = Later(UntilOf((endpoint, null)), UntilOf((endpoint, model)));
        return until > now ? until : null;
    }

    /// <summary>The parked models of a key, why, and until when; <c>*</c> stands for the whole key.</summary>
    public IReadOnlyDictionary<string, ParkedStatus> Of(UpstreamEndpointId endpoint) =>
        Of(endpoint, clock.GetUtcNow()).ToDictionary(parked => parked.Key.Model ?? "*", parked => parked.Value.Status);

    private IEnumerable<KeyValuePair<(UpstreamEndpointId Endpoint, string? Model), ParkedModel>> Of(
        UpstreamEndpointId endpoint, DateTimeOffset now) =>
        _parked.Where(parked => parked.Key.Endpoint == endpoint && parked.Value.Until > now);

    private DateTimeOffset Add(
        (UpstreamEndpointId Endpoint, string? Model) key, DateTimeOffset now, ParkingCause cause)
    {
        return _parked.AddOrUpdate(
            key, _ => new ParkedModel(new ParkedStatus(cause, now, now + Wait(0)), 1), (_, last) => Prolong(last)).Until;

        // An answer that was on its way while the model was parked must not shorten the wait, nor count as one more
        // 429.
        ParkedModel Prolong(ParkedModel last)
        {
            var (isParked, until) = (last.Until > now, now + Wait(last.Times));
            return isParked && last.Until >= until
                ? last
                : new ParkedModel(new ParkedStatus(cause, isParked ? last.Status.Since : now, until), last.Times + 1);
        }

        TimeSpan Wait(int times)
        {
            if (cause.RetryAfter is { } said)
            {
                return said < options.LongestRetryAfter ? said : options.LongestRetryAfter;
            }

            var doubled = options.First.Ticks << Math.Min(times, 20);
            return TimeSpan.FromTicks(Math.Min(options.LongestWithoutRetryAfter.Ticks, doubled));
        }
    }

    private DateTimeOffset? UntilOf((UpstreamEndpointId Endpoint, string? Model) key) =>
        _parked.TryGetValue(key, out var parked) ? parked.Until : null;

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) =>
        one is null || other > one ? other : one;

    /// <param name="Times">How many 429s came in a row.</param>
    private sealed record ParkedModel(ParkedStatus Status, int Times)
    {
        public DateTimeOffset Until => Status.Until;
    }
}

/// <summary>Says why a model of an upstream's key, or the whole key, is parked, and from when to when.</summary>
public sealed record ParkedStatus(ParkingCause Cause, DateTimeOffset Since, DateTimeOffset Until);

/// <summary>Names the answer for which a model of an upstream's key was parked.</summary>
/// <param name="Status">The HTTP status of the answer.</param>
/// <param name="RetryAfter">The wait that the upstream asked for; null where it named none, and ours counts.</param>
public readonly record struct ParkingCause(ParkingReason Reason, int Status, TimeSpan? RetryAfter);

/// <summary>The reasons for which a model or a key is parked.</summary>
public enum ParkingReason
{
    /// <summary>The model answered that it has had too many requests.</summary>
    RateLimited,

    /// <summary>Three models of the key did so at a time, and so the whole key is parked.</summary>
    SeveralModelsRateLimited,
}

/// <summary>Configures for how long a model is parked that answered 429.</summary>
public sealed class ParkingOptions
{
    /// <summary>
    /// The time for which a model is parked by its first 429 without <c>Retry-After</c>. It doubles with each 429 in a
    /// row.
    /// </summary>
    public TimeSpan First { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The longest time for which a model is parked without <c>Retry-After</c>.</summary>
    public TimeSpan LongestWithoutRetryAfter { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The longest <c>Retry-After</c> that is believed; a longer one counts as this.</summary>
    public TimeSpan LongestRetryAfter { get; set; } = TimeSpan.FromDays(1);
}
