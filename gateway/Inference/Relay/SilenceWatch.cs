using System.Buffers;
using System.IO.Pipelines;

namespace Freeway.Gateway.Inference.Relay;

/// <summary>
/// Watches a relay from the side: sends the caller a comment where nothing else flows, and stops the reading where
/// the upstream sends nothing for too long. It begins with the first read that has to wait: an answer that is there
/// whole needs no watch, and no timer.
/// </summary>
/// <param name="patience">For how long the upstream may send nothing while it is being read.</param>
/// <param name="heartbeat">Null where the answer has no place for comments.</param>
/// <param name="stop">Ends the reading. Once cancelled, by whomever, the watch is over.</param>
internal sealed class SilenceWatch(
    CallerPipe caller, TimeProvider time, TimeSpan patience, TimeSpan? heartbeat, CancellationTokenSource stop)
{
    private const long Never = long.MaxValue;

    private long _waitingSince = Never;
    private Task? _watching;

    /// <summary>Gets whether the upstream was silent for too long.</summary>
    public bool TimedOut { get; private set; }

    private static ReadOnlySpan<byte> Comment => ": freeway\n\n"u8;

    private TimeSpan PatienceLeft =>
        Volatile.Read(ref _waitingSince) is var since && since is Never ? patience : patience - time.GetElapsedTime(since);

    /// <summary>Completes once nothing is watched any more.</summary>
    public Task Ended => _watching ?? Task.CompletedTask;

    /// <summary>Reads what comes next. The upstream is to blame only for the time in which it is waited for.</summary>
    public async ValueTask<ReadResult> ReadAsync(PipeReader upstream)
    {
        var reading = upstream.ReadAsync(stop.Token);
        if (reading.IsCompleted)
        {
            return await reading;
        }

        Volatile.Write(ref _waitingSince, time.GetTimestamp());
        _watching ??= RunAsync();
        var read = await reading;
        Volatile.Write(ref _waitingSince, Never);
        return read;
    }

    private async Task RunAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            var patienceLeft = PatienceLeft;
            if (patienceLeft <= TimeSpan.Zero)
            {
                TimedOut = true;
                stop.Cancel();
                return;
            }

            var pause = heartbeat is { } every && every - caller.Quiet is var left
                ? left > TimeSpan.Zero ? left : await BeatAsync(every)
                : patienceLeft;
            // A delay counts whole milliseconds: rounded down, the last part of one would be spent in a busy loop.
            // The end of an answer cancels it, which must not cost an exception per request.
            var shorter = pause < patienceLeft ? pause : patienceLeft;
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(shorter.TotalMilliseconds)), time, stop.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    private async ValueTask<TimeSpan> BeatAsync(TimeSpan every)
    {
        if (caller.TryEnter()) // else something is on its way out
        {
            try
            {
                if (!caller.InsideEvent && caller.Quiet >= every)
                {
                    caller.Bytes.Write(Comment);
                    if (!await caller.FlushAsync())
                    {
                        stop.Cancel();
                    }
                }
            }
            finally
            {
                caller.Leave();
            }
        }

        return every;
    }
}
