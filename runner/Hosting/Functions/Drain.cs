using Microsoft.Extensions.Hosting;

namespace Freeway.Runner.Hosting.Functions;

/// <summary>
/// Says when what runs is told to give up: after its longest time, and when the time between the order to stop and the
/// end is over.
/// </summary>
/// <param name="drain">What an orderly stop leaves to what runs.</param>
/// <param name="limit">The longest that one invocation may take; null for no limit.</param>
internal sealed class Drain(TimeSpan drain, TimeSpan? limit) : IHostedLifecycleService, IDisposable
{
    private readonly CancellationTokenSource _over = new();

    /// <summary>Fires when the time for an orderly end is over.</summary>
    public CancellationToken Over => _over.Token;

    /// <summary>The token of one invocation, which fires with another too; dispose it behind the invocation.</summary>
    public CancellationTokenSource Begin(CancellationToken other = default)
    {
        var invocation = CancellationTokenSource.CreateLinkedTokenSource(other, Over);
        if (limit is { } longest)
        {
            invocation.CancelAfter(longest);
        }

        return invocation;
    }

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        _over.CancelAfter(drain);
        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _over.Dispose();
}
