using Freeway.Gateway.Ledger;

namespace Freeway.Tests.Shared.Ledger;

/// <summary>One process's way to an instance store: calls are not sent, or done and their answers lost.</summary>
public sealed class FaultyInstanceStore(IInstanceStore inner, int seed, FaultRates rates) : IInstanceStore
{
    private readonly StoreChance _chance = new(seed);
    private int _calls;
    private volatile bool _killed;

    public FaultRates Rates { get; set; } = rates;

    public bool Down { get; set; }

    /// <summary>What the next call loses the answer to, although it is done.</summary>
    public bool LoseNextAnswer { get; set; }

    /// <summary>Called before each call goes through or wrong.</summary>
    public Action? Calling { get; set; }

    public int Calls => Volatile.Read(ref _calls);

    public void Kill() => _killed = true;

    public Task<string?> BeatAsync(string instance, DateTimeOffset now, string? etag, CancellationToken cancellation) =>
        CallAsync(() => inner.BeatAsync(instance, now, etag, cancellation));

    public Task RegisterAsync(string instance, string org, CancellationToken cancellation) =>
        CallAsync(() => inner.RegisterAsync(instance, org, cancellation));

    public Task UnregisterAsync(string instance, string org, CancellationToken cancellation) =>
        CallAsync(() => inner.UnregisterAsync(instance, org, cancellation));

    public Task<bool> TryClaimAsync(InstanceHeartbeat beat, CancellationToken cancellation) => CallAsync(() => inner.TryClaimAsync(beat, cancellation));

    public Task RemoveAsync(string instance, CancellationToken cancellation) => CallAsync(() => inner.RemoveAsync(instance, cancellation));

    public Task<IReadOnlyList<InstanceHeartbeat>> ListAsync(CancellationToken cancellation) => CallAsync(() => inner.ListAsync(cancellation));

    public Task<IReadOnlyList<string>> OrgsAsync(string instance, CancellationToken cancellation) => CallAsync(() => inner.OrgsAsync(instance, cancellation));

    private Task<bool> CallAsync(Func<Task> call) => CallAsync(async () =>
    {
        await call();
        return true;
    });

    private async Task<T> CallAsync<T>(Func<Task<T>> call)
    {
        Interlocked.Increment(ref _calls);
        Calling?.Invoke();
        await _chance.DawdleAsync(3);
        var fate = Down ? StoreFate.NeverSent : LoseNextAnswer ? StoreFate.AnswerLost : _chance.Draw(Rates);
        LoseNextAnswer = false;
        if (_killed)
        {
            await new TaskCompletionSource().Task;
        }

        if (fate is StoreFate.NeverSent or StoreFate.Busy)
        {
            throw new IOException("The store does not answer.");
        }

        var answer = await call();
        return fate is StoreFate.Fine ? answer : throw new IOException("The answer was lost.");
    }
}
