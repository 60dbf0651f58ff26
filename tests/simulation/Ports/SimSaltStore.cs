using Freeway.Gateway.Identity;
using Freeway.Tests.Simulation.Scheduling;

namespace Freeway.Tests.Simulation.Ports;

/// <summary>
/// One process's way to the deployment's salt, over the network. Runs must not differ, so it is always the same.
/// </summary>
public sealed class SimSaltStore(Network network, SimProcess process) : IEndUserSaltStore
{
    public static ReadOnlySpan<byte> Salt => "a salt of the simulation"u8;

    public Task<byte[]> GetOrAddAsync(byte[] proposed, CancellationToken cancellation) =>
        network.ToStorageAsync(process, "find the salt", () => Salt.ToArray()).WaitAsync(cancellation);
}
