namespace Freeway.Gateway.Identity;

/// <summary>Management keys as documents, remembered: see <see cref="KeyCache{T}"/>.</summary>
public sealed class ManagementKeyStore : IManagementKeyStore, IDisposable
{
    private readonly KeyCache<ManagementKeyDocument> _cache;
    private readonly IDocumentStore _documents;
    private readonly ISecretStore _secrets;
    private readonly TimeProvider _clock;

    public ManagementKeyStore(IDocumentStore documents, ISecretStore secrets, TimeProvider clock)
    {
        (_documents, _secrets, _clock) = (documents, secrets, clock);
        _cache = new(LookAsync, clock);
    }

    public async Task<ManagementKey?> FindAsync(KeyHash hash, CancellationToken cancellation) =>
        await _cache.FindAsync(hash, cancellation) is { } found && found.Secrets.Opens(hash, _clock.GetUtcNow()) ? found.Key : null;

    /// <summary>Looks again at a management key that was changed in this process.</summary>
    public void Forget(Subject changed) => _cache.Forget(found => changed.Kind is SubjectKind.ManagementKey && found.Key.Id == changed.Id);

    public void Dispose() => _cache.Dispose();

    private async Task<ManagementKeyDocument?> LookAsync(KeyHash hash) =>
        await _secrets.FindAsync(hash, CancellationToken.None) is { Kind: SubjectKind.ManagementKey } key
            && await _documents.FindAsync(key, CancellationToken.None) is { } document
            ? KeyDocuments.ManagementKey(document)
            : null;
}
