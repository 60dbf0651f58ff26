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
    /// <returns>Until when the model is left alone.</returns>
    public DateTimeOffset Park(string key, string model, TimeSpan? retryAfter)
    {
        var now = clock.GetUtcNow();
        if (_parked.Count(other => other.Key.Key == key && other.Key.Model is { } name && name != model && other.Value.Until > now) >= Models - 1)
        {
            Add((key, null), now, retryAfter);
        }

        return Add((key, model), now, retryAfter);
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

    /// <summary>The models of a key that are left alone, and until when; <c>*</c> is the whole key.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> Of(string key)
    {
        var now = clock.GetUtcNow();
        return _parked.Where(parked => parked.Key.Key == key && parked.Value.Until > now).ToDictionary(parked => parked.Key.Model ?? "*", parked => parked.Value.Until);
    }

    private DateTimeOffset Add((string Key, string? Model) place, DateTimeOffset now, TimeSpan? retryAfter)
    {
        return _parked.AddOrUpdate(
            place,
            _ => new Parked(now + Wait(0), 1),
            (_, last) => last.Until > now && last.Until >= now + Wait(last.Times) ? last : new Parked(now + Wait(last.Times), last.Times + 1)).Until;

        TimeSpan Wait(int times) => retryAfter is { } told
            ? told < options.Longest ? told : options.Longest
            : TimeSpan.FromTicks(Math.Min(options.LongestUntold.Ticks, options.First.Ticks << Math.Min(times, 20)));
    }

    private DateTimeOffset? At((string Key, string? Model) place) => _parked.TryGetValue(place, out var parked) ? parked.Until : null;

    private static DateTimeOffset? Max(DateTimeOffset? one, DateTimeOffset? other) => one is null || other > one ? other : one;

    private sealed record Parked(DateTimeOffset Until, int Times);
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
