namespace Freeway.Gateway.Identity;

/// <summary>Remembers keys: see <see cref="KeyCache{T}"/>.</summary>
public sealed class CachedKeyStore(IKeyStore store, TimeProvider clock) : IKeyStore, IDisposable
{
    private readonly KeyCache<Caller> _cache = new(hash => store.FindAsync(hash, CancellationToken.None), clock);

    public Caller? Remembered(KeyHash hash) => _cache.Remembered(hash);

    public Task<Caller?> FindAsync(KeyHash hash, CancellationToken cancellation) => _cache.FindAsync(hash, cancellation);

    public Task SaveAsync(KeyHash hash, Caller caller, CancellationToken cancellation)
    {
        _cache.Forget(hash);
        return store.SaveAsync(hash, caller, cancellation);
    }

    /// <summary>Looks again at an org or a key that was changed in this process.</summary>
    public void Forget(Subject changed) => _cache.Forget(caller =>
        caller.Org.Id == changed.Org && (changed.Kind is SubjectKind.Org || (changed.Kind is SubjectKind.Key && caller.Key.Id == changed.Id)));

    public IAsyncEnumerable<Org> ListOrgsAsync(CancellationToken cancellation) => store.ListOrgsAsync(cancellation);

    public void Dispose() => _cache.Dispose();
}
