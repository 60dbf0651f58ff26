using System.IO.Pipelines;
using Freeway.Gateway.Models;
using Microsoft.Extensions.Options;

namespace Freeway.Gateway.Inference.Relay;

/// <summary>
/// Relays a stream of server-sent events byte for byte, event by event, and reads usage in passing. Holds one event at
/// most. Nothing that an upstream or a caller does is an exception: it is in the result.
/// </summary>
public sealed class StreamRelay(IOptions<RelayOptions> options, TimeProvider time)
{
    /// <summary>
    /// Relays until either side ends, then closes the upstream's stream; the caller's pipe is left open.
    /// </summary>
    /// <param name="shape">What the events are like, so that one of ours is like them.</param>
    /// <param name="hideUsage">Whether the chunk that carries nothing but usage is ours to see only.</param>
    /// <param name="callerGone">Fires when the caller goes away; the upstream is then cancelled at once.</param>
    public Task<RelayResult> RelayAsync(Stream upstream, PipeWriter caller, StreamShape shape, bool hideUsage, CancellationToken callerGone) =>
        RelayAsync(upstream, caller, shape, hideUsage, addendum: null, callerGone);

    /// <inheritdoc cref="RelayAsync(Stream, PipeWriter, StreamShape, bool, CancellationToken)"/>
    /// <param name="addendum">
    /// Null, or asked once, with the result so far, when the usage chunk is in hand or the stream comes to a good end
    /// without one: its JSON object goes out as <c>freeway</c> in that chunk, which is then never hidden, or in one of
    /// our own; no bytes add nothing. It is not asked where the answer does not become whole. It must not throw;
    /// nothing flows until it answers.
    /// </param>
    /// <param name="isSilent">Whether the addendum never adds anything: it is asked before the last event alone.</param>
    public async Task<RelayResult> RelayAsync(
        Stream upstream,
        PipeWriter caller,
        StreamShape shape,
        bool hideUsage,
        Func<RelayResult, ValueTask<ReadOnlyMemory<byte>>>? addendum,
        CancellationToken callerGone,
        bool isSilent = false)
    {
        using var stop = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var link = callerGone.UnsafeRegister(static stop => ((CancellationTokenSource)stop!).Cancel(), stop);
        using var pipe = new CallerPipe(caller, time, callerGone);
        var reader = PipeReader.Create(upstream);
        var watch = new SilenceWatch(pipe, time, options.Value.UpstreamSilence, options.Value.Heartbeat, stop);
        var added = addendum is null ? null : new StreamAddendum(new Addendum(addendum, isSilent), pipe, shape, time);
        var pump = new StreamPump(reader, pipe, watch, options.Value, shape, hideUsage, added, time, stop);
        RelayEnding ending;
        try
        {
            ending = await pump.PumpAsync();
        }
        finally
        {
            stop.Cancel();
            await reader.CompleteAsync();
            await watch.Ended;
        }

        if (ending is RelayEnding.UpstreamBroke or RelayEnding.UpstreamTimedOut)
        {
            await pump.BreakOffAsync(ending is RelayEnding.UpstreamTimedOut);
        }

        return pump.Result(ending);
    }
}
