using Freeway.Gateway.Ledger;

namespace Freeway.Gateway.Tests.Ledger;

/// <summary>An instance store that holds the notes of orgs back while it is closed.</summary>
internal sealed class GatedInstanceStore(IInstanceStore inner) : IInstanceStore
{
    private TaskCompletionSource _gate = Opened();
    private int _held;

    private static TaskCompletionSource Opened()
    {
        var gate = new TaskCompletionSource();
        gate.SetResult();
        return gate;
    }

    /// <summary>How many notes wait.</summary>
    public int Held => Volatile.Read(ref _held);

    public void Close() => _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Open() => _gate.SetResult();

    public async Task RegisterAsync(string instance, string org, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _held);
        await _gate.Task;
        Interlocked.Decrement(ref _held);
        await inner.RegisterAsync(instance, org, cancellation);
    }

    public Task<string?> BeatAsync(string instance, DateTimeOffset now, string? etag, CancellationToken cancellation) => inner.BeatAsync(instance, now, etag, cancellation);

    public Task UnregisterAsync(string instance, string org, CancellationToken cancellation) => inner.UnregisterAsync(instance, org, cancellation);

    public Task<bool> TryClaimAsync(InstanceHeartbeat beat, CancellationToken cancellation) => inner.TryClaimAsync(beat, cancellation);

    public Task RemoveAsync(string instance, CancellationToken cancellation) => inner.RemoveAsync(instance, cancellation);

    public Task<IReadOnlyList<InstanceHeartbeat>> ListAsync(CancellationToken cancellation) => inner.ListAsync(cancellation);

    public Task<IReadOnlyList<string>> OrgsAsync(string instance, CancellationToken cancellation) => inner.OrgsAsync(instance, cancellation);
}
