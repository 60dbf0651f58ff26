using Freeway.Gateway.Identity;
using Freeway.Tests.Simulation.Scheduling;

namespace Freeway.Tests.Simulation.Ports;

/// <summary>One process's way to the organisations' documents, over the network.</summary>
public sealed class SimOrgStore(Network network, SimProcess process, Dictionary<string, Org> orgs) : IOrgStore
{
    public Task<Org?> FindAsync(string id, CancellationToken cancellation) =>
        network.ToStorageAsync(process, $"find {id}", () => orgs.GetValueOrDefault(id)).WaitAsync(cancellation);

    public Task<Org?> ChangeAsync(string id, Func<Org, Org> change, CancellationToken cancellation) =>
        network.WriteAsync(process, $"change {id}", () => orgs.TryGetValue(id, out var org) ? orgs[id] = change(org) : null)
            .WaitAsync(cancellation);
}
