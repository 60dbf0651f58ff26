using Freeway.Gateway.Keys;

namespace Freeway.Gateway.Tests.Keys;

/// <summary>A key store that knows one caller under every key, or none.</summary>
internal sealed class ScriptedKeyStore : IKeyStore
{
    public Caller? Caller { get; set; }

    public bool Down { get; set; }

    public int Looks { get; private set; }

    public Task<Caller?> FindAsync(KeyHash hash, CancellationToken cancellation)
    {
        Looks++;
        return Down ? Task.FromException<Caller?>(new IOException("The store does not answer.")) : Task.FromResult(Caller);
    }

    public Task SaveAsync(KeyHash hash, Caller caller, CancellationToken cancellation)
    {
        Caller = caller;
        return Task.CompletedTask;
    }

    public IAsyncEnumerable<Org> ListOrgsAsync(CancellationToken cancellation) => AsyncEnumerable.Empty<Org>();
}
