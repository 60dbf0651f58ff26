using System.Collections.Concurrent;
using Freeway.Gateway.Telemetry;
using Microsoft.Extensions.Caching.Memory;

namespace Freeway.Gateway.Keys;

/// <summary>
/// Remembers keys for 30 seconds, so that a key which is disabled is dead everywhere within that time,
/// and unknown ones for five, so that guessing costs the store little and a new key works soon.
/// </summary>
public sealed class CachedKeyStore(IKeyStore store, TimeProvider clock) : IKeyStore, IDisposable
{
    private static readonly TimeSpan KnownLasts = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan UnknownLasts = TimeSpan.FromSeconds(5);

    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = 20_000 });
    private readonly ConcurrentDictionary<KeyHash, Lazy<Task<Caller?>>> _looking = [];

    public async Task<Caller?> FindAsync(KeyHash hash, CancellationToken cancellation)
    {
        if (_cache.TryGetValue(hash, out Found? found) && clock.GetUtcNow() < found!.Until)
        {
            CacheMetrics.Looked("keys", hit: true);
            return found.Caller;
        }

        CacheMetrics.Looked("keys", hit: false);
        // Callers who come at once share one look at the store, so none of them may cancel it.
        var look = _looking.GetOrAdd(hash, asked => new Lazy<Task<Caller?>>(() => LookAsync(asked)));
        return await look.Value.WaitAsync(cancellation).ConfigureAwait(false);
    }

    public Task SaveAsync(KeyHash hash, Caller caller, CancellationToken cancellation)
    {
        _cache.Remove(hash);
        return store.SaveAsync(hash, caller, cancellation);
    }

    public IAsyncEnumerable<Org> ListOrgsAsync(CancellationToken cancellation) => store.ListOrgsAsync(cancellation);

    public void Dispose() => _cache.Dispose();

    private async Task<Caller?> LookAsync(KeyHash hash)
    {
        try
        {
            var caller = await store.FindAsync(hash, CancellationToken.None).ConfigureAwait(false);
            var lasts = caller is null ? UnknownLasts : KnownLasts;
            _cache.Set(hash, new Found(caller, clock.GetUtcNow() + lasts), new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = lasts });
            return caller;
        }
        finally
        {
            _looking.TryRemove(hash, out _);
        }
    }

    private sealed record Found(Caller? Caller, DateTimeOffset Until);
}
