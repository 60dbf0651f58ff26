using System.Collections.Concurrent;

namespace Freeway.Gateway.Upstreams;

/// <summary>
/// Which upstream keys' models have said 429 and are left alone for a while; the whole key once a third one says it
/// meanwhile: many an upstream means one model that is busy, and who falls back to another there must not wait for it.
/// Each instance learns it by a call of its own; what the answers said of the limits is shared through the ledger.
/// </summary>
public sealed class Parking(TimeProvider clock, ParkingOptions options)
{
    /// <summary>So many models of one key at a time are no accident.</summary>
    private const int Models = 3;

    private readonly ConcurrentDictionary<(string Key, string? Model), Parked> _parked = [];

    /// <param name="model">As the upstream names it.</param>
    /// <param name="retryAfter">As the upstream says; null where it does not.</param>
    /// <param name="status">What it was answered with.</param>
    /// <returns>Until when the model is left alone.</returns>
    public DateTimeOffset Park(string key, string model, TimeSpan? retryAfter, int status = 429)
    {
        var now = clock.GetUtcNow();
        if (_parked.Count(other => other.Key.Key == key && other.Key.Model is { } name && name != model && other.Value.Until > now) >= Models - 1)
        {
            Add((key, null), now, new ParkingCause(ParkingReason.SeveralModelsRateLimited, status, retryAfter));
        }

        return Add((key, model), now, new ParkingCause(ParkingReason.RateLimited, status, retryAfter));
    }

    /// <summary>It answered: the next 429 is the first again.</summary>
    public void Answered(string key, string model)
    {
        _parked.TryRemove((key, model), out _);
        _parked.TryRemove((key, null), out _);
    }

    /// <summary>Until when this model of this key is left alone; null where it may be called.</summary>
    public DateTimeOffset? Until(string key, string model)
    {
        var now = clock.GetUtcNow();
        var until = Max(At((key, null)), At((key, model)));
        return until > now ? until : null;
    }

    /// <summary>The models of a key that are left alone, why, and until when; <c>*</c> is the whole key.</summary>
    public IReadOnlyDictionary<string, ParkedStatus> Of(string key)
    {
        var now = clock.GetUtcNow();
        return _parked.Where(parked => parked.Key.Key == key && parked.Value.Until > now)
            .ToDictionary(parked => parked.Key.Model ?? "*", parked => parked.Value.Status);
    }

    private DateTimeOffset Add((string Key, string? Model) place, DateTimeOffset now, ParkingCause cause)
    {
        return _parked.AddOrUpdate(
            place,
            _ => new Parked(new ParkedStatus(cause, now, now + Wait(0)), 1),
            (_, last) => Again(last)).Until;

        Parked Again(Parked last)
        {
            var (isParked, until) = (last.Until > now, now + Wait(last.Times));
            return isParked && last.Until >= until
                ? last
                : new Parked(new ParkedStatus(cause, isParked ? last.Status.Since : now, until), last.Times + 1);
        }

        TimeSpan Wait(int times) => cause.RetryAfter is { } told
            ? told < options.Longest ? told : options.Longest
            : TimeSpan.FromTicks(Math.Min(options.LongestUntold.Ticks, options.First.Ticks << Math.Min(times, 20)));
    }

    private DateTimeOffset? At((string Key, string? Model) place) => _parked.TryGetValue(place, out var parked) ? parked.Until : null;

    private static DateTimeOffset? Max(DateTimeOffset? one, DateTimeOffset? other) => one is null || other > one ? other : one;

    private sealed record Parked(ParkedStatus Status, int Times)
    {
        public DateTimeOffset Until => Status.Until;
    }
}

/// <summary>Why a model of an upstream's key, or the key, is left alone, and from when to when.</summary>
public sealed record ParkedStatus(ParkingCause Cause, DateTimeOffset Since, DateTimeOffset Until);

/// <summary>The answer that made the gateway leave a model of an upstream's key alone.</summary>
/// <param name="Status">The HTTP status of the answer.</param>
/// <param name="RetryAfter">
/// The wait that the upstream asked for; null where it named none, and the gateway chose.
/// </param>
public readonly record struct ParkingCause(ParkingReason Reason, int Status, TimeSpan? RetryAfter);

/// <summary>The reasons for which a model or a key is left alone.</summary>
public enum ParkingReason
{
    /// <summary>The model answered that it has had too many requests.</summary>
    RateLimited,

    /// <summary>Three models of the key did so at a time, and so the whole key is left alone.</summary>
    SeveralModelsRateLimited,
}

/// <summary>How long an upstream is left alone that said 429.</summary>
public sealed class ParkingOptions
{
    /// <summary>Where it does not say how long; it doubles with each 429 in a row.</summary>
    public TimeSpan First { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The most of that.</summary>
    public TimeSpan LongestUntold { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>What is believed of a longer <c>Retry-After</c>.</summary>
    public TimeSpan Longest { get; set; } = TimeSpan.FromDays(1);
}
