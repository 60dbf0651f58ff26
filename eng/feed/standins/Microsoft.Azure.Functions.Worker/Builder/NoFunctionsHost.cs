using Microsoft.Extensions.Hosting;

namespace Microsoft.Azure.Functions.Worker.Builder;

internal sealed class NoFunctionsHost : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => throw new InvalidOperationException(
        "This build uses a local stand-in for Microsoft.Azure.Functions.Worker, which cannot talk to a Functions host: "
        + "start Freeway with ./run, or build it where the package source has the real package.");

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
