using System.Buffers;
using System.IO.Pipelines;

namespace Freeway.Gateway.Inference.Relay;

/// <summary>
/// Passes bytes on to the caller's pipe and keeps a copy while they are few. What goes out, and when, is the same as
/// without it; memory holds no more than the bound.
/// </summary>
/// <param name="most">The most bytes that are kept; beyond it none are.</param>
/// <param name="contentType">The answer's media type.</param>
public sealed class RecordedPipe(PipeWriter caller, int most, string contentType) : PipeWriter
{
    private readonly ArrayBufferWriter<byte> _copy = new();
    private Memory<byte> _lent;

    public string ContentType => contentType;

    /// <summary>Gets whether there were more bytes than are kept.</summary>
    public bool IsTooLarge { get; private set; }

    /// <summary>Gets the bytes that were written so far; null once there were too many.</summary>
    public ReadOnlyMemory<byte>? Bytes => IsTooLarge ? default(ReadOnlyMemory<byte>?) : _copy.WrittenMemory;

    public override bool CanGetUnflushedBytes => caller.CanGetUnflushedBytes;

    public override long UnflushedBytes => caller.UnflushedBytes;

    public override Memory<byte> GetMemory(int sizeHint = 0) => _lent = caller.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        IsTooLarge |= _copy.WrittenCount + bytes > most;
        if (IsTooLarge)
        {
            _copy.Clear();
        }
        else
        {
            _copy.Write(_lent.Span[..bytes]);
        }

        _lent = _lent[bytes..];
        caller.Advance(bytes);
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
        caller.FlushAsync(cancellationToken);

    public override void CancelPendingFlush() => caller.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => caller.Complete(exception);
}
