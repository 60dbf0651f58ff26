using System.IO.Pipelines;
using Freeway.Gateway.Inference.Metering;
using Microsoft.Extensions.Options;

namespace Freeway.Gateway.Inference.Relay;

/// <summary>
/// Relays an answer that is sound or plain text: each portion goes out as it comes, unread, and none is kept.
/// </summary>
public sealed class BytesRelay(IOptions<RelayOptions> options, TimeProvider time)
{
    /// <inheritdoc cref="StreamRelay.RelayAsync(Stream, PipeWriter, Models.StreamShape, bool, CancellationToken)"/>
    public async Task<RelayResult> RelayAsync(Stream upstream, PipeWriter caller, CancellationToken callerGone)
    {
        using var stop = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var link = callerGone.UnsafeRegister(static stop => ((CancellationTokenSource)stop!).Cancel(), stop);
        using var pipe = new CallerPipe(caller, time, callerGone);
        var reader = PipeReader.Create(upstream);
        var watch = new SilenceWatch(pipe, time, options.Value.UpstreamSilence, heartbeat: null, stop);
        var start = time.GetTimestamp();
        TimeSpan? firstByteAfter = null;
        try
        {
            var ending = await PumpAsync(reader, pipe, watch, () => firstByteAfter ??= time.GetElapsedTime(start));
            return new RelayResult
            {
                Ending = ending,
                Usage = TokenUsage.None,
                FinishReason = null,
                CompletionBytes = 0,
                UpstreamModel = null,
                UpstreamId = null,
                FirstByteAfter = firstByteAfter,
                AnyByteWritten = pipe.AnyByteWritten,
                AnyAnswerWritten = pipe.AnyByteWritten,
                HasContent = pipe.AnyByteWritten,
                UpstreamReportedError = false,
            };
        }
        finally
        {
            stop.Cancel();
            await reader.CompleteAsync();
            await watch.Ended;
        }
    }

    private static async Task<RelayEnding> PumpAsync(
        PipeReader upstream, CallerPipe caller, SilenceWatch watch, Action onBytes)
    {
        while (true)
        {
            ReadResult read;
            try
            {
                read = await watch.ReadAsync(upstream);
            }
            catch (Exception ended) when (ended is OperationCanceledException or IOException)
            {
                return caller.IsGone ? RelayEnding.CallerGone : watch.TimedOut ? RelayEnding.UpstreamTimedOut : RelayEnding.UpstreamBroke;
            }

            if (!read.Buffer.IsEmpty)
            {
                onBytes();
            }

            caller.Write(read.Buffer);
            var there = await caller.FlushAsync();
            upstream.AdvanceTo(read.Buffer.End);
            if (!there)
            {
                return RelayEnding.CallerGone;
            }

            if (read.IsCompleted)
            {
                return caller.AnyByteWritten ? RelayEnding.Completed : RelayEnding.UpstreamBroke;
            }
        }
    }
}
