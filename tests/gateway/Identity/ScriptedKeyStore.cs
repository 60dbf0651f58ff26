using Freeway.Gateway.Identity;
using Freeway.Tests.Shared;

namespace Freeway.Gateway.Tests.Identity;

/// <summary>A key store that knows one caller under every key, or none.</summary>
internal sealed class ScriptedKeyStore : IKeyStore
{
    public Caller? Caller { get; set; }

    public bool Down { get; set; }

    /// <summary>While true a look-up lasts until whoever asked gives up.</summary>
    public bool Hung { get; set; }

    public int Looks { get; private set; }

    public async Task<Caller?> FindAsync(KeyHash hash, CancellationToken cancellation)
    {
        Looks++;
        if (Hung)
        {
            await Silence.KeepAsync(cancellation);
        }

        return Down ? throw new IOException("The store does not answer.") : Caller;
    }

    public Task SaveAsync(KeyHash hash, Caller caller, CancellationToken cancellation)
    {
        Caller = caller;
        return Task.CompletedTask;
    }

    public IAsyncEnumerable<Org> ListOrgsAsync(CancellationToken cancellation) => AsyncEnumerable.Empty<Org>();
}
