using Freeway.Gateway.Ledger;
using Freeway.Tests.Shared.Ledger;
using Freeway.Tests.Simulation.Scheduling;

namespace Freeway.Tests.Simulation.Ports;

/// <summary>One process's way to the signs of life, over the network.</summary>
public sealed class SimInstanceStore(Network network, SimProcess process, InMemoryInstanceStore table) : IInstanceStore
{
    public Task<string?> BeatAsync(string instance, DateTimeOffset now, string? etag, CancellationToken cancellation) =>
        CallAsync($"beat of {instance}", () => table.BeatAsync(instance, now, etag, default), cancellation);

    public Task RegisterAsync(string instance, string org, CancellationToken cancellation) =>
        CallAsync($"note {org} for {instance}", () => Done(table.RegisterAsync(instance, org, default)), cancellation);

    public Task UnregisterAsync(string instance, string org, CancellationToken cancellation) =>
        CallAsync($"forget {org} for {instance}", () => Done(table.UnregisterAsync(instance, org, default)), cancellation);

    public Task<bool> TryClaimAsync(InstanceBeat beat, CancellationToken cancellation) =>
        CallAsync($"{process.Name} claims {beat.Instance}", () => table.TryClaimAsync(beat, default), cancellation);

    public Task RemoveAsync(string instance, CancellationToken cancellation) =>
        CallAsync($"remove {instance}", () => Done(table.RemoveAsync(instance, default)), cancellation);

    public Task<IReadOnlyList<InstanceBeat>> ListAsync(CancellationToken cancellation) =>
        CallAsync("list instances", () => table.ListAsync(default), cancellation);

    public Task<IReadOnlyList<string>> OrgsAsync(string instance, CancellationToken cancellation) =>
        CallAsync($"orgs of {instance}", () => table.OrgsAsync(instance, default), cancellation);

    private Task<T> CallAsync<T>(string what, Func<Task<T>> call, CancellationToken cancellation) =>
        network.ToStorageAsync(process, what, () => call().GetAwaiter().GetResult()).WaitAsync(cancellation);

    private static Task<bool> Done(Task task)
    {
        task.GetAwaiter().GetResult();
        return Task.FromResult(true);
    }
}
