using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Threading.Channels;

namespace Freeway.Gateway.Tests.Inference.Relay;

/// <summary>A caller that keeps what reaches it, flush by flush, and leaves when told to.</summary>
internal sealed class RecordingCaller : PipeWriter
{
    private readonly ArrayBufferWriter<byte> _written = new();
    private readonly Channel<string> _flushes = Channel.CreateUnbounded<string>();
    private readonly TaskCompletionSource _flushBegun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _flushed;

    public bool Gone { get; set; }

    /// <summary>While set, flushes wait for it, as they do where a caller reads slowly.</summary>
    public TaskCompletionSource? Stalled { get; set; }

    /// <summary>All that was flushed.</summary>
    public byte[] Sent => _written.WrittenSpan[.._flushed].ToArray();

    public string Text => Encoding.UTF8.GetString(Sent);

    /// <summary>The next flush's text; waits for it.</summary>
    public Task<string> NextAsync() => _flushes.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    public Task FlushBegunAsync() => _flushBegun.Task;

    public override Memory<byte> GetMemory(int sizeHint = 0) => _written.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => _written.GetSpan(sizeHint);

    public override void Advance(int bytes) => _written.Advance(bytes);

    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _flushBegun.TrySetResult();
        if (Stalled is { } stalled)
        {
            await stalled.Task.WaitAsync(cancellationToken);
        }

        if (!Gone)
        {
            _flushes.Writer.TryWrite(Encoding.UTF8.GetString(_written.WrittenSpan[_flushed..]));
            _flushed = _written.WrittenCount;
        }

        return new FlushResult(isCanceled: false, isCompleted: Gone);
    }

    public override void CancelPendingFlush()
    {
    }

    public override void Complete(Exception? exception = null) => throw new InvalidOperationException("The caller's pipe is not ours to complete.");
}
