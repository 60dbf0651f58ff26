using Freeway.Gateway.Ledger;
using Freeway.Tests.Shared.Ledger;
using Freeway.Tests.Simulation.Checks;
using Freeway.Tests.Simulation.Scheduling;

namespace Freeway.Tests.Simulation.Ports;

/// <summary>One process's way to the signs of life, over the network.</summary>
public sealed class SimInstanceStore(Network network, SimProcess process, InMemoryInstanceStore table, LedgerModel model) : IInstanceStore
{
    public Task<string?> BeatAsync(string instance, DateTimeOffset now, string? etag, CancellationToken cancellation) =>
        network.WriteTableAsync(process, $"beat of {instance}", () => table.BeatAsync(instance, now, etag, default), cancellation);

    public Task RegisterAsync(string instance, string org, CancellationToken cancellation) =>
        network.WriteTableAsync(process, $"note {org} for {instance}", () => Done(table.RegisterAsync(instance, org, default)), cancellation);

    public Task UnregisterAsync(string instance, string org, CancellationToken cancellation) =>
        network.WriteTableAsync(process, $"forget {org} for {instance}", () => Done(table.UnregisterAsync(instance, org, default)), cancellation);

    public Task<bool> TryClaimAsync(InstanceHeartbeat beat, CancellationToken cancellation) =>
        network.WriteTableAsync(
            process, $"{process.Name} claims {beat.Instance}", async () =>
            {
                var claimed = await table.TryClaimAsync(beat, default);
                if (claimed)
                {
                    model.TakenForDead(beat.Instance);
                }

                return claimed;
            },
            cancellation);

    public Task RemoveAsync(string instance, CancellationToken cancellation) =>
        network.WriteTableAsync(process, $"remove {instance}", () => Done(table.RemoveAsync(instance, default)), cancellation);

    public Task<IReadOnlyList<InstanceHeartbeat>> ListAsync(CancellationToken cancellation) =>
        network.ToTableAsync(process, "list instances", () => table.ListAsync(default), cancellation);

    public Task<IReadOnlyList<string>> OrgsAsync(string instance, CancellationToken cancellation) =>
        network.ToTableAsync(process, $"orgs of {instance}", () => table.OrgsAsync(instance, default), cancellation);

    private static Task<bool> Done(Task task)
    {
        task.GetAwaiter().GetResult();
        return Task.FromResult(true);
    }
}
