using Microsoft.Extensions.Hosting;

namespace Freeway.Runner.Loopback;

/// <summary>Leaves the process's signals to whoever started the upstream.</summary>
internal sealed class LoopbackLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
