using Freeway.Runner.Local;
using Microsoft.Extensions.Logging;

namespace Freeway.Runner.Worker;

/// <summary>
/// Keeps one process of the worker alive: one that ends is followed by another, at once where it lived for a while and
/// after growing pauses where it did not.
/// </summary>
/// <param name="begin">Starts a process and gives it when it is ready.</param>
/// <param name="time">The clock of the pauses, and of how long a process has lived.</param>
internal sealed class WorkerSupervisor<TLife>(
    Func<CancellationToken, Task<TLife>> begin, TimeProvider time, ILogger logger) : IAsyncDisposable
    where TLife : class, ISupervisedProcess
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>After a life of this length a crash counts as the first again.</summary>
    private static readonly TimeSpan LongLife = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _stopping = new();
    private volatile TaskCompletionSource<TLife> _current = Next();
    private Task _watching = Task.CompletedTask;

    /// <summary>Starts the first process; one that does not start is not tried again.</summary>
    /// <exception cref="LocalSetupException">It did not start.</exception>
    public async Task<TLife> StartAsync(CancellationToken cancellation)
    {
        var first = await begin(cancellation);
        _current.SetResult(first);
        _watching = WatchAsync(first);
        return first;
    }

    /// <summary>The process that runs, as soon as one does.</summary>
    /// <exception cref="WorkerLostException">None runs within the patience.</exception>
    public async Task<TLife> CurrentAsync(TimeSpan patience, CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                var worker = await _current.Task.WaitAsync(patience, TimeProvider.System, cancellation);
                if (!worker.Over.IsCompleted)
                {
                    return worker;
                }

                await worker.Replaced.WaitAsync(patience, TimeProvider.System, cancellation);
            }
        }
        catch (TimeoutException)
        {
            throw new WorkerLostException();
        }
    }

    /// <summary>Lets the process end in order within the grace, and starts no other.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        await _stopping.CancelAsync();
        if (_current.Task.IsCompletedSuccessfully)
        {
            await (await _current.Task).StopAsync(grace);
        }

        _current.TrySetException(new WorkerLostException());
        await _watching;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.Zero);
        _stopping.Dispose();
    }

    private async Task WatchAsync(TLife life)
    {
        var crashes = 0;
        while (true)
        {
            var began = time.GetTimestamp();
            await life.Over;
            if (_stopping.IsCancellationRequested)
            {
                return;
            }

            _current = Next();
            life.Replace();
            life.Kill();
            var code = await life.Ended;
            var lived = time.GetElapsedTime(began);
            crashes = lived >= LongLife ? 0 : crashes + 1;
            var pause = Pause(crashes);
            WorkerLog.Ended(logger, life.ProcessId, code, lived, pause, life.Said);
            await life.DisposeAsync();
            if (await BeginAgainAsync(pause, crashes) is not { } next)
            {
                return;
            }

            life = next;
            if (!_current.TrySetResult(life))
            {
                // Told to stop just as it was ready.
                await life.DisposeAsync();
                return;
            }
        }
    }

    /// <summary>Tries until a process runs; null where it was told to stop meanwhile.</summary>
    private async Task<TLife?> BeginAgainAsync(TimeSpan pause, int failures)
    {
        while (true)
        {
            try
            {
                await Task.Delay(pause, time, _stopping.Token);
                return await begin(_stopping.Token);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return null;
            }
            catch (Exception e)
            {
                pause = Pause(++failures);
                WorkerLog.NotStarted(logger, e, pause);
            }
        }
    }

    private static TimeSpan Pause(int crashes) => crashes is 0
        ? TimeSpan.Zero
        : TimeSpan.FromTicks(Math.Min(FirstPause.Ticks << Math.Min(crashes - 1, 16), LongestPause.Ticks));

    private static TaskCompletionSource<TLife> Next() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>A process that is followed by another when it ends.</summary>
internal interface ISupervisedProcess : IAsyncDisposable
{
    int ProcessId { get; }

    /// <summary>The last lines of its output.</summary>
    string Said { get; }

    /// <summary>Completes as soon as it is known that the process serves no more; it may not have ended yet.</summary>
    Task Over { get; }

    /// <summary>Ends with the process, and gives its exit code.</summary>
    Task<int> Ended { get; }

    /// <summary>Completes when nobody is given this process any more.</summary>
    Task Replaced { get; }

    /// <summary>Says that nobody is given this process any more.</summary>
    void Replace();

    /// <summary>Ends the process at once.</summary>
    void Kill();

    /// <summary>Lets the process end in order within the grace, and ends it then.</summary>
    Task StopAsync(TimeSpan grace);
}
