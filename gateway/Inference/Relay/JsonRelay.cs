using System.Buffers;
using System.IO.Pipelines;
using Microsoft.Extensions.Options;

namespace Freeway.Gateway.Inference.Relay;

/// <summary>
/// Relays an answer that is one JSON document, as bytes, and reads usage in passing. A body that is not JSON passes
/// through unread. Memory does not grow with the document.
/// </summary>
public sealed class JsonRelay(IOptions<RelayOptions> options, TimeProvider time)
{
    /// <summary>The longest answer that is kept, in bytes: a property of a stored row holds 64 KiB.</summary>
    public const int MostKept = 60_000;

    /// <inheritdoc cref="StreamRelay.RelayAsync(Stream, PipeWriter, Models.StreamShape, bool, CancellationToken)"/>
    public Task<RelayResult> RelayAsync(Stream upstream, PipeWriter caller, CancellationToken callerGone) =>
        RelayAsync(upstream, caller, keep: false, withholdError: false, addendum: null, callerGone);

    /// <inheritdoc cref="StreamRelay.RelayAsync(Stream, PipeWriter, Models.StreamShape, bool, CancellationToken)"/>
    /// <param name="keep">Whether what the caller gets is wanted in <see cref="RelayResult.Kept"/>.</param>
    /// <param name="withholdError">
    /// Whether a body that is nothing but an <c>error</c> is kept from the caller: nothing is then written, and the
    /// ending is <see cref="RelayEnding.UpstreamBroke"/>.
    /// </param>
    /// <param name="addendum">
    /// Null, or asked once, at the closing brace of the body, with the result so far: its JSON object becomes the
    /// body's last member, <c>freeway</c>; no bytes add none. The answer is then longer than the upstream says. It is
    /// not asked where the body is no object, cannot be read, ends too early or carries an <c>error</c>. It must not
    /// throw.
    /// </param>
    public async Task<RelayResult> RelayAsync(
        Stream upstream,
        PipeWriter caller,
        bool keep,
        bool withholdError,
        Func<RelayResult, ValueTask<ReadOnlyMemory<byte>>>? addendum,
        CancellationToken callerGone)
    {
        using var stop = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var link = callerGone.UnsafeRegister(static stop => ((CancellationTokenSource)stop!).Cancel(), stop);
        using var pipe = new CallerPipe(caller, time, callerGone);
        var reader = PipeReader.Create(upstream);
        var watch = new SilenceWatch(pipe, time, options.Value.UpstreamSilence, heartbeat: null, stop);
        var added = addendum is null ? null : new Addendum(addendum);
        var pump = new JsonPump(reader, pipe, watch, withholdError, added, keep ? new KeptAnswer() : null, time);
        try
        {
            return pump.Result(await pump.PumpAsync());
        }
        finally
        {
            stop.Cancel();
            await reader.CompleteAsync();
            await watch.Ended;
        }
    }
}

/// <summary>Keeps the bytes of an answer while they are few.</summary>
internal sealed class KeptAnswer
{
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private bool _tooMany;

    /// <summary>
    /// Gets the bytes of the answer; null once there were more than <see cref="JsonRelay.MostKept"/>.
    /// </summary>
    public ReadOnlyMemory<byte>? Bytes => _tooMany ? default(ReadOnlyMemory<byte>?) : _bytes.WrittenMemory;

    public void Take(in ReadOnlySequence<byte> more)
    {
        _tooMany |= _bytes.WrittenCount + more.Length > JsonRelay.MostKept;
        if (_tooMany)
        {
            _bytes.ResetWrittenCount();
            return;
        }

        foreach (var piece in more)
        {
            _bytes.Write(piece.Span);
        }
    }
}
