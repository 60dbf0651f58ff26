using Microsoft.Extensions.Hosting;

namespace Freeway.Runner.Hosting;

/// <summary>The host lives as long as its caller says; signals are the caller's affair, for many hosts may share a process.</summary>
internal sealed class CallerLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
