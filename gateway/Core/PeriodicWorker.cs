using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.Core;

/// <summary>
/// Runs work at a fixed pace while the process runs. Whatever one turn throws is logged and counted, and the next turn
/// comes as if nothing had happened: background work never ends the process.
/// </summary>
public abstract partial class PeriodicWorker(TimeSpan every, TimeProvider clock, ILogger logger) : BackgroundService
{
    /// <summary>Runs the turns until the token is cancelled.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(every, clock);
        try
        {
            if (RunsAtStart)
            {
                await TurnAsync(stopping);
            }

            while (await timer.WaitForNextTickAsync(stopping))
            {
                await TurnAsync(stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopping is how this ends.
        }
    }

    /// <summary>Gets whether the first turn comes at once, instead of after the first pause.</summary>
    protected virtual bool RunsAtStart => false;

    /// <summary>Does the work of one turn.</summary>
    protected abstract Task WorkAsync(CancellationToken stopping);

    protected sealed override Task ExecuteAsync(CancellationToken stoppingToken) => RunAsync(stoppingToken);

    private async Task TurnAsync(CancellationToken stopping)
    {
        try
        {
            await WorkAsync(stopping);
        }
        catch (Exception error) when (!(error is OperationCanceledException && stopping.IsCancellationRequested))
        {
            WorkerMetrics.Failed(GetType().Name);
            if (error is IOException)
            {
                TurnPostponed(logger, GetType().Name, error.Message);
            }
            else
            {
                TurnFailed(logger, GetType().Name, error);
            }
        }
    }

    [LoggerMessage(
        9001, LogLevel.Warning, "{Worker} could not reach what it needs, and tries again at its next turn: {Reason}")]
    private static partial void TurnPostponed(ILogger logger, string worker, string reason);

    [LoggerMessage(9002, LogLevel.Error, "{Worker} failed, and goes on at its next turn")]
    private static partial void TurnFailed(ILogger logger, string worker, Exception error);
}

/// <summary>Counts how often background work fails.</summary>
internal static class WorkerMetrics
{
    private static readonly Counter<long> Failures = Meters.Freeway.CreateCounter<long>(
        "freeway.worker.failures", "{turn}", "Turns of background work that ended with an exception, by worker");

    public static void Failed(string worker) => Failures.Add(1, new KeyValuePair<string, object?>("worker", worker));
}
