using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using Freeway.Gateway.Core;
using Microsoft.Extensions.Caching.Memory;

namespace Freeway.Gateway.Identity;

/// <summary>
/// Remembers whose a secret is for 25 seconds, so that a key which is disabled is dead everywhere within 30, the look
/// included, and unknown ones for five, so that guessing costs the store little and a new key works soon.
/// </summary>
internal sealed class KeyCache<T>(Func<KeyHash, Task<T?>> look, TimeProvider clock) : IDisposable
    where T : class
{
    private static readonly TimeSpan KnownLasts = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan UnknownLasts = TimeSpan.FromSeconds(5);

    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = 20_000 });
    private readonly ConcurrentDictionary<KeyHash, Lazy<Task<T?>>> _looking = [];

    /// <summary>Finds a known secret that is remembered; null for any other.</summary>
    public T? Remembered(KeyHash hash)
    {
        var value = IsRemembered(hash, out var found) ? found.Value : null;
        if (value is not null)
        {
            CacheMetrics.Looked("keys", hit: true);
        }

        return value;
    }

    public async Task<T?> FindAsync(KeyHash hash, CancellationToken cancellation)
    {
        if (IsRemembered(hash, out var found))
        {
            CacheMetrics.Looked("keys", hit: true);
            return found.Value;
        }

        CacheMetrics.Looked("keys", hit: false);
        // Callers who come at once share one look at the store, so none of them may cancel it.
        var shared = _looking.GetOrAdd(hash, asked => new Lazy<Task<T?>>(() => LookAsync(asked)));
        return await shared.Value.WaitAsync(cancellation);
    }

    public void Forget(KeyHash hash) => _cache.Remove(hash);

    /// <summary>
    /// Drops the entries whose value matches, so that a change by an operator counts here at once. Other instances
    /// follow within 30 seconds.
    /// </summary>
    public void Forget(Predicate<T> which)
    {
        foreach (var hash in _cache.Keys)
        {
            if (_cache.TryGetValue(hash, out Found? found) && found!.Value is { } value && which(value))
            {
                _cache.Remove(hash);
            }
        }
    }

    public void Dispose() => _cache.Dispose();

    private bool IsRemembered(KeyHash hash, [NotNullWhen(true)] out Found? found) =>
        _cache.TryGetValue(hash, out found) && clock.GetUtcNow() < found!.Until;

    private async Task<T?> LookAsync(KeyHash hash)
    {
        // What it says holds from before the look: a change that comes while it is under way must not be remembered
        // over.
        var asked = clock.GetUtcNow();
        try
        {
            var value = await look(hash);
            var lasts = value is null ? UnknownLasts : KnownLasts;
            _cache.Set(hash, new Found(value, asked + lasts), new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = lasts });
            return value;
        }
        finally
        {
            _looking.TryRemove(hash, out _);
        }
    }

    private sealed record Found(T? Value, DateTimeOffset Until);
}

/// <summary>Counts the look-ups in the caches, by cache and by whether the cache saved a read of the store.</summary>
public static class CacheMetrics
{
    private static readonly Counter<long> Lookups =
        Meters.Freeway.CreateCounter<long>("freeway.cache.lookups", "{lookup}", "Look-ups, by cache and result");

    /// <param name="cache">E.g. <c>keys</c>.</param>
    /// <param name="hit">Whether the store was spared.</param>
    public static void Looked(string cache, bool hit)
    {
        if (Lookups.Enabled)
        {
            Lookups.Add(1, new TagList { { "cache", cache }, { "result", hit ? "hit" : "miss" } });
        }
    }
}
