using System.Collections.Concurrent;
using Freeway.Gateway.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.Inference;

/// <summary>Says how long a request whose answer is complete is held for its settlement.</summary>
/// <param name="Held">
/// Null where the request lasts until it is settled and recorded: a host that may freeze the process between requests
/// needs that.
/// </param>
public sealed record AfterAnswerOptions(TimeSpan? Held);

/// <summary>
/// Does what is left of a request once its caller has the whole answer: it is settled and its record is sent. A
/// connection that is kept takes its next request only when the last one has ended, so a host that lives on between
/// requests lets go of one that is settled, or whose settlement takes long. What was let go is counted, and ends before
/// the process does.
/// </summary>
public sealed class AfterAnswers(AfterAnswerOptions options, TimeProvider clock, ILogger<AfterAnswers> logger)
    : IHostedService
{
    /// <summary>The most tasks that are let go at once, as each keeps its request in memory.</summary>
    public const int Most = 256;

    private const ConfigureAwaitOptions Quietly =
        ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext;

    private readonly ConcurrentDictionary<Task, bool> _going = [];

    /// <summary>Begins the work at once, and ends with it or when the request has been held for long enough.</summary>
    /// <param name="settled">
    /// The part of the work that the caller's next request has to find done; null where it is all of it.
    /// </param>
    public async Task RunAsync(Func<Task> work, Task? settled = null)
    {
        var running = work();
        if (options.Held is { } held)
        {
            await (settled ?? running).WaitAsync(held, clock).ConfigureAwait(Quietly);
            if (!running.IsCompleted && _going.Count < Most)
            {
                _going[running] = true;
                _ = WatchAsync(running);
                return;
            }
        }

        await running;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Ends once all that was let go so far is done. It never fails.</summary>
    public async Task EndedAsync() => await Task.WhenAll(_going.Keys).ConfigureAwait(Quietly);

    /// <summary>Ends once all that was let go is done, or when the time for an orderly end is over.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await EndedAsync().WaitAsync(cancellationToken).ConfigureAwait(Quietly);
        if (_going.Keys.Count(task => !task.IsCompleted) is > 0 and var left)
        {
            // The ledger has their rows: recovery settles them.
            InferenceLog.LeftUnsettled(logger, left);
        }
    }

    /// <summary>Logs a bug in what was let go, since nobody awaits it.</summary>
    private async Task WatchAsync(Task running)
    {
        try
        {
            await running;
        }
        catch (Exception bug)
        {
            WorkerMetrics.Failed(nameof(AfterAnswers));
            InferenceLog.SettlementFailed(logger, bug);
        }
        finally
        {
            _going.TryRemove(running, out _);
        }
    }
}
