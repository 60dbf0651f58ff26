using System.Buffers;
using System.IO.Pipelines;

namespace Freeway.Gateway.Inference.Relay;

/// <summary>
/// The way to the caller, shared by the pump and the heartbeat: one of them writes at a time, between the other's
/// events.
/// </summary>
internal sealed class CallerPipe(PipeWriter pipe, TimeProvider time, CancellationToken gone) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private long _lastWrite = time.GetTimestamp();
    private bool _unflushed;

    public bool AnyByteWritten { get; private set; }

    /// <summary>Gets whether the caller was found to be gone, by token or by a flush.</summary>
    public bool IsGone
    {
        get => field || gone.IsCancellationRequested;
        private set;
    }

    /// <summary>Set while only a part of an event is out: nothing may come between.</summary>
    public bool InsideEvent { get; set; }

    public TimeSpan Quiet => time.GetElapsedTime(Volatile.Read(ref _lastWrite));

    public IBufferWriter<byte> Bytes
    {
        get
        {
            Volatile.Write(ref _lastWrite, time.GetTimestamp());
            AnyByteWritten = _unflushed = true;
            return pipe;
        }
    }

    public Task EnterAsync() => _turn.WaitAsync();

    public bool TryEnter() => _turn.Wait(0, CancellationToken.None);

    public void Leave() => _turn.Release();

    public void Write(in ReadOnlySequence<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        var caller = Bytes;
        foreach (var piece in bytes)
        {
            caller.Write(piece.Span);
        }
    }

    /// <summary>Sends what was written. False where nobody is there to take it.</summary>
    public ValueTask<bool> FlushAsync() => _unflushed ? FlushPipeAsync() : new(!IsGone);

    public void Dispose() => _turn.Dispose();

    private async ValueTask<bool> FlushPipeAsync()
    {
        try
        {
            _unflushed = false;
            var flushed = await pipe.FlushAsync(gone);
            IsGone = flushed.IsCompleted;
        }
        catch (Exception broken) when (broken is OperationCanceledException or IOException)
        {
            IsGone = true;
        }

        return !IsGone;
    }
}
