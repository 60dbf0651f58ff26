using System.IO.Pipelines;
using Microsoft.Extensions.Options;

namespace Freeway.Gateway.Inference.Relays;

/// <summary>
/// Relays an answer that is one JSON document, as bytes, and reads usage in passing. A body that is not JSON passes
/// through unread. Memory is bounded by the longest token of the document.
/// </summary>
public sealed class JsonRelay(IOptions<RelayOptions> options, TimeProvider time)
{
    /// <inheritdoc cref="StreamRelay.RelayAsync"/>
    public async Task<RelayResult> RelayAsync(Stream upstream, PipeWriter caller, CancellationToken callerGone)
    {
        using var stop = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var link = callerGone.UnsafeRegister(static stop => ((CancellationTokenSource)stop!).Cancel(), stop);
        using var pipe = new CallerPipe(caller, time, callerGone);
        var reader = PipeReader.Create(upstream);
        var watch = new SilenceWatch(pipe, time, options.Value.UpstreamSilence, heartbeat: null, stop);
        var pump = new JsonPump(reader, pipe, watch, options.Value, time, stop.Token);
        var watching = watch.RunAsync();
        try
        {
            return pump.Result(await pump.PumpAsync());
        }
        finally
        {
            await stop.CancelAsync();
            await reader.CompleteAsync();
            await watching;
        }
    }
}
