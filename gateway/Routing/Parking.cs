using System.Collections.Concurrent;

namespace Freeway.Gateway.Routing;

/// <summary>
/// Which upstream keys have said 429 and are left alone for a while, or only one of their models. Each instance learns it by
/// a call of its own; what the answer said of the limits is shared through the ledger.
/// </summary>
public sealed class Parking(TimeProvider clock, ParkingOptions options)
{
    private readonly ConcurrentDictionary<(string Key, string? Model), Parked> _parked = [];

    /// <param name="model">As the upstream names it, where only this model is meant; null for the whole key.</param>
    /// <param name="retryAfter">As the upstream says; null where it does not.</param>
    /// <returns>Until when.</returns>
    public DateTimeOffset Park(string key, string? model, TimeSpan? retryAfter)
    {
        var now = clock.GetUtcNow();
        return _parked.AddOrUpdate(
            (key, model),
            _ => new Parked(now + Wait(0), 1),
            (_, last) => last.Until > now && last.Until >= now + Wait(last.Times) ? last : new Parked(now + Wait(last.Times), last.Times + 1)).Until;

        TimeSpan Wait(int times) => retryAfter is { } told
            ? told < options.Longest ? told : options.Longest
            : TimeSpan.FromTicks(Math.Min(options.LongestUntold.Ticks, options.First.Ticks << Math.Min(times, 20)));
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

    private DateTimeOffset? At((string Key, string? Model) place) => _parked.TryGetValue(place, out var parked) ? parked.Until : null;

    private static DateTimeOffset? Max(DateTimeOffset? one, DateTimeOffset? other) => one is null || other > one ? other : one;

    private sealed record Parked(DateTimeOffset Until, int Times);
}
