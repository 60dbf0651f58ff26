using System.IO.Pipelines;
using Microsoft.Extensions.Options;

namespace Freeway.Gateway.Inference.Relays;

/// <summary>
/// Relays a stream of server-sent events byte for byte, event by event, and reads usage in passing. Holds one event at
/// most. Nothing that an upstream or a caller does is an exception: it is in the result.
/// </summary>
public sealed class StreamRelay(IOptions<RelayOptions> options, TimeProvider time)
{
    /// <summary>Relays until either side ends, then closes the upstream's stream; the caller's pipe is left open.</summary>
    /// <param name="hideUsage">Whether the chunk that carries nothing but usage is ours to see only.</param>
    /// <param name="callerGone">Fires when the caller goes away; the upstream is then cancelled at once.</param>
    public async Task<RelayResult> RelayAsync(Stream upstream, PipeWriter caller, bool hideUsage, CancellationToken callerGone)
    {
        using var stop = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var link = callerGone.UnsafeRegister(static stop => ((CancellationTokenSource)stop!).Cancel(), stop);
        using var pipe = new CallerPipe(caller, time, callerGone);
        var reader = PipeReader.Create(upstream);
        var watch = new SilenceWatch(pipe, time, options.Value.UpstreamSilence, options.Value.Heartbeat, stop);
        var pump = new StreamPump(reader, pipe, watch, options.Value, hideUsage, time, stop);
        var watching = watch.RunAsync();
        RelayEnding ending;
        try
        {
            ending = await pump.PumpAsync();
        }
        finally
        {
            await stop.CancelAsync();
            await reader.CompleteAsync();
            await watching;
        }

        if (ending is RelayEnding.UpstreamBroke or RelayEnding.UpstreamTimedOut)
        {
            await pump.BreakOffAsync(ending is RelayEnding.UpstreamTimedOut);
        }

        return pump.Result(ending);
    }
}
