using Microsoft.Extensions.Hosting;

namespace Freeway.Runner.Hosting;

/// <summary>The time between the order to stop and the moment when what still runs is told to give up.</summary>
internal sealed class Drain(TimeSpan limit) : IHostedLifecycleService, IDisposable
{
    private readonly CancellationTokenSource _over = new();

    /// <summary>Fires when the time for an orderly end is over.</summary>
    public CancellationToken Over => _over.Token;

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        _over.CancelAfter(limit);
        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _over.Dispose();
}
