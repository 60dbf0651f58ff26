using Freeway.Gateway.Keys;

namespace Freeway.FrontDoor.Tests.Support;

/// <summary>A store that knows nobody, and once it is broken throws what no port may throw.</summary>
internal sealed class BrokenKeyStore : IKeyStore
{
    public bool IsBroken { get; set; }

    public Task<Caller?> FindAsync(KeyHash hash, CancellationToken cancellation) =>
        IsBroken ? throw new InvalidOperationException("a bug, for a test") : Task.FromResult<Caller?>(null);

    public Task SaveAsync(KeyHash hash, Caller caller, CancellationToken cancellation) => Task.CompletedTask;

    public IAsyncEnumerable<Org> ListOrgsAsync(CancellationToken cancellation) => AsyncEnumerable.Empty<Org>();
}
