using System.Text;
using System.Threading.Channels;

namespace Freeway.Gateway.Tests.Inference.Relay;

/// <summary>An upstream that delivers what the test sends, when it sends it.</summary>
internal sealed class LiveStream : UpstreamStream
{
    private readonly Channel<byte[]> _sent = Channel.CreateUnbounded<byte[]>();

    private readonly TaskCompletionSource _thinking = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _delivered;

    /// <summary>Completes when a read is pending after something was delivered.</summary>
    public Task Thinking => _thinking.Task;

    /// <summary>Whether a read was pending when it was cancelled: the way in which a connection is torn down at once.</summary>
    public bool ReadCancelled { get; private set; }

    public void Send(string text) => _sent.Writer.TryWrite(Encoding.UTF8.GetBytes(text)).ShouldBeTrue();

    public void End() => _sent.Writer.Complete();

    public void Drop() => _sent.Writer.Complete(new IOException("Connection reset by peer."));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var pending = _sent.Reader.ReadAsync(cancellationToken);
            if (!pending.IsCompleted && _delivered > 0)
            {
                _thinking.TrySetResult();
            }

            var portion = await pending;
            _delivered++;
            portion.CopyTo(buffer);
            return portion.Length;
        }
        catch (OperationCanceledException)
        {
            ReadCancelled = true;
            throw;
        }
        catch (ChannelClosedException closed) when (closed.InnerException is IOException dropped)
        {
            throw dropped;
        }
        catch (ChannelClosedException)
        {
            return 0;
        }
    }
}
